# Freestyle job, build step "Execute shell". "Use secret text(s)" binds EXLOGARE_TOKEN.
EXLOGARE_RUN='make test' exl step
