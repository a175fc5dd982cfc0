# An app that says when it begins, and ends at once when it is asked to.
trap 'exit 0' TERM
echo "up $DAMSON_VERSION"
while :; do
  sleep 1000 &
  wait $!
done
