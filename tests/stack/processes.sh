# tests/stack/processes.sh — starting and ending the processes of a stack; part of stack.sh.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # variables of stack.sh

# Each process gets a session of its own: a Ctrl-C then reaches only this script, which stops them in
# order. `run` adds that the kernel ends them when this script is killed outright.
launcher=(setsid)

launch() { # NAME COMMAND...
  local name=$1
  shift
  "${launcher[@]}" "$@" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
  ! running "$!" || echo "$BOOT $TICKS" >"$state/run/$name.started"
  echo $! >"$state/run/$name.pid"
}

# A process that has not ended (a zombie has). Leaves its session and its start in SESSION and TICKS:
# boot and tick tell it from every other process that had or will have its number.
running() { # PID
  local stat condition
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1 # a bare `return` is 0 in a trap
  read -r condition _ _ SESSION _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ TICKS _ <<<"${stat##*) }"
  [[ $condition != Z ]]
}
read -r BOOT </proc/sys/kernel/random/boot_id

# What was launched under NAME: LEADER, and its start as FROM. No command substitution here or above:
# bash 5.2 garbles a trap that comes during one, and these run while `run` waits for Ctrl-C.
recorded() { # NAME
  local boot
  { read -r LEADER <"$state/run/$1.pid" && read -r boot FROM <"$state/run/$1.started"; } \
    2>/dev/null && [[ $boot == "$BOOT" ]]
}
alive() { recorded "$1" && running "$LEADER" && [[ $TICKS == "$FROM" ]]; } # NAME

stop() { # NAME SIGNAL SECONDS: ask, wait, and at last insist
  local deadline=$((SECONDS + $3)) ours=
  ! alive "$1" || ours=yes
  recorded "$1" || LEADER=
  rm -f "$state/run/$1.pid" # first: tells a watching `run` that this end is wanted
  if [[ $ours ]]; then
    kill -s "$2" "$LEADER" 2>/dev/null || true
    while running "$LEADER"; do
      if ((SECONDS >= deadline)); then
        echo "stack: $1 (pid $LEADER) is still there after $3 s: killed" >&2
        kill -s KILL "$LEADER" 2>/dev/null || true
        deadline=$((SECONDS + $3))
      fi
      sleep 0.02
    done
  fi
  [[ ! $LEADER ]] || kill_orphans
}

# nginx's workers outlive a master that was killed outright, and go on listening. They are the rest of
# the session it led; no other session has that number before they end.
kill_orphans() {
  local process
  ! running "$LEADER" || return 0 # its number is somebody else's by now
  for process in /proc/[0-9]*; do
    process=${process#/proc/}
    if running "$process" && ((SESSION == LEADER && TICKS >= FROM)); then
      kill -s KILL "$process" 2>/dev/null || true
    fi
  done
}

# Polls until COMMAND succeeds; gives up when the time is over or one of the processes has died.
await() { # SECONDS "NAME..." COMMAND...
  local deadline=$((SECONDS + $1)) names=$2 name
  shift 2
  until "$@" >/dev/null 2>&1; do
    for name in $names; do
      alive "$name" || give_up "$name ended" "$name"
    done
    ((SECONDS < deadline)) || give_up "not ready in time: $names" "$names"
    sleep 0.03
  done
}

give_up() { # MESSAGE "NAME...": with what their logs say
  local name
  for name in $2; do
    echo "--- the end of $state/log/$name.log" >&2
    tail -n 20 "$state/log/$name.log" >&2 || true
  done
  die "$1"
}
