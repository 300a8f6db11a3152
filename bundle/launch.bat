@echo off
setlocal
set "HERE=%~dp0"
for %%v in (3.13 3.12 3.11) do (
    py -%%v -c "" >nul 2>nul && set "RUN=py -%%v" && goto run
)
for %%p in (python python3) do (
    %%p -c "import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12), (3, 13)))" >nul 2>nul && set "RUN=%%p" && goto run
)
chcp 65001 >nul
python -c "" >nul 2>nul && type "%HERE%files\other-python.txt" || type "%HERE%files\no-python.txt"
pause
exit /b 1

:run
%RUN% -X utf8 "%HERE%files\start.py" %*
set "CODE=%ERRORLEVEL%"
pause
exit /b %CODE%
