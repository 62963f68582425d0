# shellcheck shell=bash
# What the scripts in bin/ share. Each of them is run from anywhere, installs what it lacks and says what it does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# shellcheck disable=SC2034 # the scripts use it
readonly target=${CARGO_TARGET_DIR:-target}

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

say() { printf '%s» %s%s\n' "$bold" "$*" "$plain"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif has sudo; then
    sudo "$@"
  else
    fail "This needs root, and there is no sudo here. Run by hand, as root: $*"
  fi
}

# need_debian PACKAGE… : installs them by apt.
need_debian() {
  has apt-get || fail "Install these by your system's own means, then run this again: $*"
  say "Installing $* by apt-get (asks for your password where you are not root)"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null
}

need_rust() {
  has cargo || fail "Rust is missing. Install it as https://rustup.rs says; Cargo.toml names the oldest version that will do."
  has cc || need_debian gcc libc6-dev
}

need_node() {
  has npm || fail "Node.js 20.19 or newer, with npm, is missing: https://nodejs.org"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js 20.19 or newer is needed; this is $(node --version)."
}

# need_cargo_tool COMMAND : a tool of cargo's own registry, built once.
need_cargo_tool() {
  has "$1" && return
  say "Installing $1 by cargo (some minutes, once)"
  cargo install --locked --quiet "$1" </dev/null
}

# need_packages FOLDER : npm ci, when the lock file has changed since the last time.
need_packages() {
  local stamp="$1/node_modules/.installed-lock"
  cmp -s "$1/package-lock.json" "$stamp" && return
  need_node
  say "Installing the packages of $1/ by npm"
  npm ci --prefix "$1" --no-audit --no-fund --loglevel=error </dev/null &&
    cp "$1/package-lock.json" "$stamp"
}

# The functions below end with what may fail, since a caller that asks for their answer switches `set -e` off in them.

# build_web : the web client into web/dist, when something it is made of is newer.
build_web() {
  need_packages web || return
  if [[ -f web/dist/index.html ]] &&
    [[ -z $(find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -newer web/dist/index.html -print -quit) ]]; then
    return
  fi
  say "Building the web client"
  npm run --silent --prefix web build </dev/null &&
    touch web/dist/index.html
}

build_debug() {
  need_rust
  say "Building the server (debug)"
  cargo build --locked -p parlour-server </dev/null
}

# build_planted : the server with bugs on purpose, which the fault tests have to find. It lies beside the real one.
build_planted() {
  need_rust
  say "Building the server with bugs planted"
  cargo build --locked -p parlour-server --features parlour-store/planted </dev/null &&
    cp "$target/debug/parlour" "$target/debug/parlour-planted"
}

build_release() {
  need_rust
  build_web || return
  say "Building the server (release)"
  cargo build --locked --release -p parlour-server </dev/null
}
