#!/bin/sh
# Runs one command, outlives the agent, and leaves on disk what became of it. Only builtins: no other program is needed.
# usage: shim.sh RECORD BOOT_ID STARTED_MS STDOUT STDERR OOM_FILE CGROUPS [CGROUP_PROCS]... COMMAND [ARG]...
#
# RECORD is 128 bytes: state, exit code, OOM kills, shim pid and start time, app pid and start time, boot id, STARTED_MS,
# and the state again, so that a torn read shows. Its creation is the claim: whoever creates it decides whether the run
# ever starts. It is only overwritten in place, which works on a full disk.
# Variables start with damson__ because an assignment to a name that the environment holds would change it for the app.

set -f

damson__identity() {
  damson__line=
  read -r damson__line </proc/self/stat
  damson__pid=${damson__line%% *}
  # Fields are counted after the last ")": a command's name may hold blanks and brackets.
  set -- ${damson__line##*) }
  damson__start=${20}
}

damson__write() {
  printf '%-118s%9s\n' "$1 $2 $3 $damson__shim $damson__app $damson__boot $damson__since" "$1"
}

damson__main() {
  damson__record=$1 damson__boot=$2 damson__since=$3 damson__out=$4 damson__err=$5 damson__oom_file=$6 damson__groups=$7
  shift 7
  umask 077
  damson__identity
  damson__shim="$damson__pid $damson__start"
  damson__app="- -"

  set -C
  { damson__write claimed - - >"$damson__record"; } 2>/dev/null || exit 75
  set +C

  # Handlers, not ignored signals: those would be passed on to the app.
  trap : HUP INT QUIT TERM USR1 USR2 PIPE ALRM

  # In the foreground: the shell would make a background command ignore SIGINT and SIGQUIT.
  (
    while [ "$damson__groups" -gt 0 ]; do
      echo 0 >"$1" || exit 126
      shift
      damson__groups=$((damson__groups - 1))
    done
    # The app's own process writes this before it becomes the app: no app ever runs without its identity on record.
    damson__identity
    damson__app="$damson__pid $damson__start"
    damson__write running - - 1<>"$damson__record"
    umask 022
    exec "$@"
  ) </dev/null >>"$damson__out" 2>>"$damson__err"
  damson__code=$?

  damson__oom=-
  if [ "$damson__oom_file" != - ]; then
    while read -r damson__key damson__value; do
      [ "$damson__key" = oom_kill ] && damson__oom=$damson__value
    done <"$damson__oom_file"
  fi
  read -r damson__state damson__old_code damson__old_oom damson__old_shim damson__old_start damson__app damson__rest <"$damson__record"
  case $damson__state in
    running)
      damson__state=exited
      damson__app="$damson__app ${damson__rest%% *}"
      ;;
    claimed)
      damson__state=failed
      damson__app="- -"
      ;;
    *) exit ;;
  esac
  damson__write "$damson__state" "$damson__code" "$damson__oom" 1<>"$damson__record"
}

damson__main "$@"
exit
