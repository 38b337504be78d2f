#!/bin/bash
# Python venv: make one, use it, its own packages, compiled modules, programs in zip files.
# needs: python3
set -e
python3 -m venv --without-pip env; . env/bin/activate
python -c 'import sys; print(sys.prefix.endswith("/env"), sys.base_prefix)'
mkdir -p env/lib/python3.11/site-packages/mine; echo 'def f(): return "mine"' >env/lib/python3.11/site-packages/mine/__init__.py
python -c 'import mine; print(mine.f())'; python -m compileall -q env/lib/python3.11/site-packages/mine; ls env/lib/python3.11/site-packages/mine/__pycache__ | sed 's/cpython-[0-9]*/V/'
deactivate; command -v python3
mkdir -p pkg/local_thing; echo 'X = 42' >pkg/local_thing/__init__.py
printf '[project]\nname = "local-thing"\nversion = "1.0"\n' >pkg/pyproject.toml
env/bin/python -c 'import site, sysconfig; print(sysconfig.get_path("purelib").endswith("/env/lib/python3.11/site-packages"), site.ENABLE_USER_SITE)'; cp -r pkg/local_thing env/lib/python3.11/site-packages/; (cd /; "$OLDPWD"/env/bin/python -c 'import local_thing; print(local_thing.X)')
printf 'print("in a zip file")' >pkg/__main__.py; python3 -m zipapp -o app.pyz pkg; env/bin/python app.pyz; python3 -m unittest -q 2>/dev/null; python3 -m json.tool <<<'{"a":1}'
