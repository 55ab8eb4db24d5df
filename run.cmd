@echo off
rem Makes ready what a command of this project needs, then runs the command: run plimsoll demo, run pytest.
setlocal EnableExtensions DisableDelayedExpansion

set "uv_version=0.13.9"
set "root=%~dp0"
if "%root:~-1%"=="\" set "root=%root:~0,-1%"
set "venv=%root%\.venv"
set "tools=%root%\.tools"
set "stamp=%venv%\.ready"

if "%~1"=="" goto usage
call :ready || call :make_ready || exit /b 1
set "PYTHONHOME="
set "VIRTUAL_ENV=%venv%"
set "PATH=%venv%\Scripts;%PATH%"
%*
exit /b %errorlevel%

:usage
>&2 echo usage: run COMMAND [ARGUMENT ...]
>&2 echo.
>&2 echo     run plimsoll demo     the window on a simulated terminal
>&2 echo     run pytest            the tests
>&2 echo     run python -m app     any command of the environment
>&2 echo.
>&2 echo The first start brings uv and the locked environment; later ones go straight to the command.
exit /b 2

rem ------------------------------------------------------------------------------------------------------------
rem What the environment was made from: the two files, this folder (scripts hold its path) and the Python behind it.
:ready
if not exist "%venv%\Scripts\python.exe" exit /b 1
if not exist "%stamp%\root" exit /b 1
set made_at=""
set /p made_at=<"%stamp%\root"
if /i not %made_at%=="%root%" exit /b 1
fc /b "%root%\uv.lock" "%stamp%\uv.lock" >nul 2>&1 || exit /b 1
fc /b "%root%\pyproject.toml" "%stamp%\pyproject.toml" >nul 2>&1 || exit /b 1
for /f "usebackq tokens=1,* delims== " %%a in ("%venv%\pyvenv.cfg") do (
    if "%%a"=="home" if not exist "%%b\python.exe" exit /b 1
)
exit /b 0

rem Two first starts at once do no harm: uv locks the environment, and the files below are put in place whole.
:make_ready
if not exist "%tools%" mkdir "%tools%"
rem Scripts of an environment hold its path: one that was moved or copied here serves nobody.
set made_at="%root%"
if exist "%stamp%\root" set /p made_at=<"%stamp%\root"
if /i not %made_at%=="%root%" rmdir /s /q "%venv%"
call :bring_uv || exit /b 1
>&2 echo run: making the environment from the lock (.venv)
call :sync
if errorlevel 1 (
    >&2 echo run: the environment could not be made; uv says why above
    exit /b 1
)
"%venv%\Scripts\python.exe" -c "import PySide6.QtWidgets" >&2
if errorlevel 1 (
    >&2 echo run: Qt cannot load; Python says why above
    exit /b 1
)
if not exist "%stamp%" mkdir "%stamp%"
copy /y "%root%\uv.lock" "%stamp%\uv.lock" >nul || exit /b 1
copy /y "%root%\pyproject.toml" "%stamp%\pyproject.toml" >nul || exit /b 1
>"%stamp%\root" echo "%root%"
exit /b 0

:bring_uv
set "uv=%tools%\uv-%uv_version%\uv.exe"
if exist "%uv%" exit /b 0
rem Groups, extras and this lock need uv 0.9 or later.
for /f "tokens=2,3 delims=. " %%a in ('uv --version 2^>nul') do (
    if %%a GTR 0 set "uv=uv"
    if %%b GEQ 9 set "uv=uv"
)
if "%uv%"=="uv" exit /b 0
>&2 echo run: fetching uv %uv_version% into .tools
set "run_cmd=%~f0"
powershell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command ^
 "& ([scriptblock]::Create(((Get-Content -Raw -LiteralPath $env:run_cmd) -split '(?m)^::: PowerShell.*$')[-1]))"
exit /b %errorlevel%

rem Python comes from the machine where one fits, from uv where none does.
:sync
setlocal
set "VIRTUAL_ENV="
set "PYTHONHOME="
set "PYTHONPATH="
set "UV_PROJECT_ENVIRONMENT=%venv%"
set "UV_PYTHON_PREFERENCE=system"
set "index=%UV_DEFAULT_INDEX%"
if not defined index set "index=%UV_INDEX_URL%"
if not defined index set "index=%PIP_INDEX_URL%"
if "%index%"=="https://pypi.org/simple" set "index="
if "%index%"=="https://pypi.org/simple/" set "index="
set "UV_INDEX_URL="
set "UV_DEFAULT_INDEX=%index%"
cd /d "%root%" || exit /b 1
if defined index goto sync_from
"%uv%" sync --quiet --locked --all-groups --all-extras
exit /b %errorlevel%

rem The lock names its index, so `uv sync` refuses another; here the same versions and hashes come from the one prescribed.
:sync_from
if not exist "%venv%\Scripts\python.exe" "%uv%" venv --quiet --clear "%venv%"
if errorlevel 1 exit /b 1
"%uv%" export --quiet --frozen --all-groups --all-extras --no-emit-project --output-file "%tools%\locked.txt" || exit /b 1
"%uv%" pip sync --quiet --require-hashes --python "%venv%\Scripts\python.exe" "%tools%\locked.txt" || exit /b 1
"%uv%" pip install --quiet --no-deps --python "%venv%\Scripts\python.exe" --editable .
exit /b %errorlevel%

::: PowerShell: the rest of this file fetches uv's wheel from the package index, checks its hash and unpacks it.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
$version = $env:uv_version
$wheel = "uv-$version-py3-none-win_amd64.whl"
$wanted = '6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b'
$settings = @($env:UV_DEFAULT_INDEX, $env:UV_INDEX_URL, $env:PIP_INDEX_URL, 'https://pypi.org/simple')
$index = $settings | Where-Object { $_ } | Select-Object -First 1
$half = Join-Path $env:tools ('half-' + [guid]::NewGuid())
try {
    New-Item -ItemType Directory -Path $half | Out-Null
    $page = [uri]($index.TrimEnd('/') + '/uv/')
    $listing = (Invoke-WebRequest -UseBasicParsing -Uri $page -Headers @{ Accept = 'text/html' }).Content
    $link = [regex]::Match($listing, 'href="([^"#]*/' + [regex]::Escape($wheel) + ')["#]')
    if (-not $link.Success) { throw "$wheel is not listed there" }
    $zip = Join-Path $half 'uv.zip'
    Invoke-WebRequest -UseBasicParsing -Uri ([uri]::new($page, $link.Groups[1].Value)) -OutFile $zip
    if ((Get-FileHash -Algorithm SHA256 -LiteralPath $zip).Hash -ne $wanted) { throw "$wheel is not the file that was expected" }
    Expand-Archive -LiteralPath $zip -DestinationPath $half
    New-Item -ItemType Directory -Force -Path (Split-Path $env:uv) | Out-Null
    Move-Item -Force -LiteralPath (Join-Path $half "uv-$version.data\scripts\uv.exe") -Destination $env:uv
} catch {
    [Console]::Error.WriteLine("run: uv $version could not be fetched from the package index: $_")
    exit 1
} finally {
    Remove-Item -Recurse -Force -LiteralPath $half -ErrorAction SilentlyContinue
}
