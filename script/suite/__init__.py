"""What `script/test` runs: stages, and the servers and the browser that some of them need."""
