#!/usr/bin/env bash
# One fault: point.sh CASE KIND DETAIL. Prints one line: ok, or FAIL and why.
#
#   kill-at SYSCALL:N      strace kills at the Nth call of one thread
#   kill-call N            the Nth call of all threads that opens, writes, flushes, moves or removes
#   kill-after SECONDS     a moment
#   error CALL:ERROR:N     the Nth call of that kind fails
#   errors CALL:ERROR:N    every Nth does, and works when it is repeated: EINTR
#   short N                every Nth write is cut in half
#   full KILOBYTES         a file system of that size, then a larger one (root)
#   read-only 1            a file system that cannot be written (root)
#   vanish PATH:N          the input is removed before the Nth call
#   shrink PATH:N          the input is emptied before the Nth call
#
# After the fault the exit code, the message and what readers see are checked; then the same command must end
# with 0 and leave what an undisturbed run leaves. DSX, ROOT (made by run.sh), INJECT come from outside.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=cases.sh
. "$here/cases.sh"
name=$1 kind=$2 detail=$3
label="$name $kind $detail"
folder=$ROOT/point.$BASHPID
mounted=
repeat=

end() {
  cd / || exit 1
  [ -n "$mounted" ] && umount -l "$folder" 2>/dev/null
  if [ "$1" = FAIL ] && [ -n "${KEEP:-}" ]; then
    echo "FAIL $label: $2 [$folder]${repeat:+
    $repeat}"
    exit 0
  fi
  rm -rf "$folder"
  [ "$1" = FAIL ] && echo "FAIL $label: $2${repeat:+
    $repeat}" || echo "$1 $label"
  exit 0
}

mkdir "$folder" || exit 1
if [ "$kind" = full ]; then
  mount -t tmpfs -o "size=${detail}k" dsx-faults "$folder" || { echo "skip $label"; exit 0; }
  mounted=1
fi
cp -a "$ROOT/start.$name/." "$folder/" || end FAIL "cannot set up"
(cd "$folder" && plan_here)
if [ "$kind" = read-only ]; then
  mount --bind "$folder" "$folder" && mount -o remount,ro,bind "$folder" || end skip
  mounted=1
fi
cd "$folder" || exit 1
"${name}_command"
out=$ROOT/out.$BASHPID err=$ROOT/err.$BASHPID
trap 'rm -f "$out" "$err" "$ROOT/seen.$BASHPID"' EXIT
# Nothing here takes a second on a quiet machine: what takes a minute (HANG, in seconds) hangs.
dsx=(timeout -k 1 "${HANG:-60}" "$DSX")

preload() {
  repeat="$(printf '%s ' "$@")LD_PRELOAD=inject.so dsx ${words[*]}"
  env FAULT_UNDER="$folder" "$@" timeout -k 1 "${HANG:-60}" env LD_PRELOAD="$INJECT" "$DSX" "${words[@]}" >"$out" 2>"$err"
  code=$?
}
changes=open,write,fsync,rename,truncate,unlink,mkdir
code=0
case $kind in
kill-at)
  call=${detail%:*} number=${detail#*:}
  repeat="strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=$number dsx ${words[*]}"
  strace -f -qq -o /dev/null -e "trace=$call" -e "inject=$call:signal=KILL:when=$number" \
    "$DSX" "${words[@]}" >"$out" 2>"$err"
  code=$?
  ;;
kill-call) preload FAULT_CALLS="$changes" FAULT_DO=kill FAULT_AT="$detail" ;;
kill-after)
  repeat="timeout -s KILL $detail dsx ${words[*]}"
  timeout -s KILL "$detail" "$DSX" "${words[@]}" >"$out" 2>"$err"
  code=$?
  ;;
error) IFS=: read -r call error number <<<"$detail"
  preload FAULT_CALLS="$call" FAULT_DO="$error" FAULT_AT="$number" ;;
errors) IFS=: read -r call error number <<<"$detail"
  preload FAULT_CALLS="$call" FAULT_DO="$error" FAULT_AT="$number" FAULT_EVERY="$number" ;;
short) preload FAULT_CALLS=write FAULT_DO=short FAULT_AT="$detail" FAULT_EVERY="$detail" ;;
vanish | shrink)
  input=${detail%:*} number=${detail##*:}
  [ "$kind" = vanish ] && what=unlink || what=truncate
  preload FAULT_CALLS="$changes,close,read" FAULT_DO="$what:$folder/$input" FAULT_AT="$number"
  ;;
*)
  repeat="dsx ${words[*]}"
  "${dsx[@]}" "${words[@]}" >"$out" 2>"$err"
  code=$?
  ;;
esac 2>/dev/null

says() { grep -qE "$1" "$err"; }
shown() { head -c 300 "$err" | tr '\n' '|'; }
# A temporary file that could not be removed stays: there the disk is at fault.
leftovers='^$'
[[ $detail = unlink:* ]] && leftovers='(^|/)\.dsx-tmp-|\.work/|\.lock '
is_same() {
  "${name}_digest" 2>/dev/null | sort | grep -vE "$leftovers" | cmp -s - <(grep -vE "$leftovers" "$ROOT/wanted.$name")
}
differences() { "${name}_digest" 2>/dev/null | sort | comm -3 - "$ROOT/wanted.$name" | head -n 4 | cut -c 1-90 | tr '\t\n' '>;'; }

# 1. The exit code and the message.
done_already=
case $code in
0)
  # The fault did not come, or did not matter: then everything must be there.
  if [ "$kind" = vanish ] || [ "$kind" = shrink ]; then
    cp -a "$ROOT/start.$name/$input" "$input"
  fi
  is_same || end FAIL "exit code 0 with another output: $(differences)"
  [[ $kind = kill* ]] && end unreached
  done_already=1
  ;;
124) end FAIL "hangs" ;;
137) [[ $kind = kill* ]] || end FAIL "killed" ;;
2 | 3 | 5 | 6)
  case $kind:$code in
  kill*) end FAIL "exit code $code: $(shown)" ;;
  # Data that is named on the command line, and is not what was planned with any more.
  vanish:2 | shrink:2) [ "$name" = convert-merge ] || end FAIL "exit code 2: $(shown)" ;;
  vanish:3 | shrink:3 | vanish:5 | shrink:5 | *:6) ;;
  *) end FAIL "exit code $code: $(shown)" ;;
  esac
  says '^dsx: error: ' || end FAIL "no message: $(shown)"
  says '^  in [^ ]|'"'[^']*/[^']*'" || end FAIL "the message names no path: $(shown)"
  if [[ $kind = full || $detail = *ENOSPC* ]]; then
    says '[0-9] (bytes )?(are |is )?free' || end FAIL "the message does not say what is free: $(shown)"
    says 'needs? [0-9]' || end FAIL "the message does not say what is needed: $(shown)"
  fi
  ;;
*) end FAIL "exit code $code: $(shown)" ;;
esac

# 2. What a reader sees at this moment.
case $kind in
full) mount -o remount,size=256m "$folder" ;;
read-only) cd / && umount "$folder" && mounted= && cd "$folder" ;;
vanish | shrink) cp -a "$ROOT/start.$name/$input" "$input" ;;
esac
seen=$(visible "$name") || end FAIL "$(head -n 2 <<<"$seen" | tr '\n' ' ')"

# 3. The same command again. Rows that are all there already are not appended a second time.
if [ "$name" != append ] || ! is_same; then
  "${dsx[@]}" "${words[@]}" >"$out" 2>"$err"
  code=$?
  [ $code -eq 0 ] || end FAIL "again: exit code $code: $(shown)"
  is_same || end FAIL "again: another output: $(differences)"
fi
end ok
