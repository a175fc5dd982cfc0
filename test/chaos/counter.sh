#!/bin/bash
# Counts on both streams, "<run> <number>" a line, until it is asked to stop or has written $COUNT lines, and writes into
# $TRUTH when it starts and how it will end. 137 for $CODE: it kills itself.
# DAMSON_RUN is <owner>/<instance>/<run>, and more may follow.
run=${DAMSON_RUN#*/*/} out=0 err=0
run=${run%%/*}

end() {
  echo "end $DAMSON_INSTANCE_ID $run $1 $out $err" >>"$TRUTH"
  [ "$1" != 137 ] || kill -KILL $$
  exit "$1"
}

trap 'end 42' TERM
echo "start $DAMSON_INSTANCE_ID $run $$ $DAMSON_VERSION" >>"$TRUTH"
# A pipe that nobody writes to: reading from it with a time limit is a pause that takes no process.
exec 3<> <(:)
while [ "$COUNT" = forever ] || [ "$out" -lt "$COUNT" ]; do
  echo "$run $((++out))"
  echo "$run $((++err))" >&2
  read -rt "$PAUSE" <&3
done
end "$CODE"
