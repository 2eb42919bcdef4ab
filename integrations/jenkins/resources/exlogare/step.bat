@echo off
rem What the library runs on a Windows agent: an exl that is installed, else the library's exl.pyz.
rem No value is put into a command line here; exl reads all of them from the environment.
setlocal
set "exl_of_library=%EXLOGARE_PACKAGE_DIR%\exl.pyz"
set "EXLOGARE_PACKAGE_DIR="
for %%p in (exl.exe exl.cmd exl.bat) do if not "%%~$PATH:p"=="" goto installed
if not exist "%exl_of_library%" goto missing
for %%p in (py.exe) do if not "%%~$PATH:p"=="" goto launcher
for %%p in (python.exe) do if not "%%~$PATH:p"=="" goto python
goto missing

:installed
call exl step
exit /b %errorlevel%

:launcher
py -3 "%exl_of_library%" step
exit /b %errorlevel%

:python
python "%exl_of_library%" step
exit /b %errorlevel%

:missing
echo exlogare: exl is not on this agent: pip install exlogare-ci==0.1.0. Nothing was sent.>&2
if /i "%EXLOGARE_STRICT%"=="true" exit /b 1
exit /b 0
