"""Forms of one kanji that people of one name write, for finding people and duplicates.

Source: the table of jōyō kanji (Cabinet notice 2 of 2010), whose older forms stand in brackets there, and
forms of family registers that are common in names. Never a proof that two people are one: 髙橋 and 高橋 may
be two.
"""

# A word a kanji: the common form first, then the others.
_FORMS = """
高髙 崎﨑嵜碕 辺邊邉 斉齊斎齋 浜濱濵 沢澤 広廣 国國圀 真眞 島嶋嶌
徳德 恵惠 栄榮 桜櫻 瀬瀨 蔵藏 曽曾 渕淵渊 竜龍 寿壽 実實 会會 円圓
静靜 晋晉 弥彌 与與 礼禮 壮壯 亜亞 豊豐 万萬 吉𠮷 条條 関關 黒黑
横橫 塩鹽 応應 岳嶽 巌巖 歩步 滝瀧 沖冲 渋澁 児兒 仏佛 倹儉 剣劍劔
勲勳 団團 堯尭 奥奧 学學 宝寶寳 将將 専專 尽盡 峡峽 峰峯 巻卷 帯帶
庁廳 当當 戸戶 拝拜 掛挂 来來 柳栁 桧檜 梅楳 検檢 楽樂 様樣 槙槇
歴歷 気氣 清淸 温溫 満滿 灯燈 為爲 焼燒 狭狹 猪豬 県縣 禄祿 穂穗
穣穰 粛肅 糸絲 経經 緑綠 総總 縄繩 芸藝 荘莊 薫薰 虎乕 虫蟲 衛衞
覚覺 観觀 訳譯 読讀 変變 予豫 軽輕 遥遙 郷鄕 郎郞 釈釋 鉄鐵 鉱鑛
隣鄰 雑雜 霊靈 頼賴 顕顯 館舘 駅驛 鶏鷄 麦麥 黄黃
"""

TO_COMMON_FORM = str.maketrans({other: word[0] for word in _FORMS.split() for other in word[1:]})
