"""The demonstration: invented patients, printed passwords, a web server and a worker on this machine."""
