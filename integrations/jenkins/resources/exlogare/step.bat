@echo off
rem What the library runs on a Windows agent: an exl that is installed, else the exl.pyz of the library.
setlocal
where exl >nul 2>nul
if not errorlevel 1 goto installed
where py >nul 2>nul
if errorlevel 1 goto missing
if not exist "%EXLOGARE_PACKAGE_DIR%\exl.pyz" goto missing
set "exlogare_pyz=%EXLOGARE_PACKAGE_DIR%\exl.pyz"
set "EXLOGARE_PACKAGE_DIR="
py -3 "%exlogare_pyz%" step
exit /b %errorlevel%

:installed
set "EXLOGARE_PACKAGE_DIR="
call exl step
exit /b %errorlevel%

:missing
echo exlogare: exl is not installed; pip install exlogare-ci==0.1.0. Nothing was sent. 1>&2
if /i "%EXLOGARE_STRICT%"=="true" exit /b 1
exit /b 0
