# The CI's settings: EXLOGARE_URL, and EXLOGARE_TOKEN from its store of secrets.
export EXLOGARE_RUN='python3 -m unittest discover'
sh exlogare.sh
