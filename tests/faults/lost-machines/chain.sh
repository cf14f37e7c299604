#!/bin/sh
# Trains nothing for STEPS steps. Every step has a hash that follows from the one before, so that
# any checkpoint can be checked by who resumes from it, and two runs end alike.
out=$SUBLET_OUTPUT
hash_of() { printf '%s' "$1" | sha256sum | cut -c1-16; }
chain_at() { h=root; i=0; while [ "$i" -lt "$1" ]; do i=$((i + 1)); h=$(hash_of "$h.$i"); done; echo "$h"; }
say() { printf '%s %s %s\n' "$(date +%s%3N)" "$1" "$2" >>"$EVIDENCE"; }

k=0
h=root
if [ "$SUBLET_RESUME" = 1 ]; then
  [ -e "$out/mine.txt" ] && { say sent-mine 0; exit 8; }
  if [ -e "$out/state.txt" ]; then
    read -r k h <"$out/state.txt"
    [ "$(chain_at "$k")" = "$h" ] || { say broken-chain "$k"; exit 9; }
  fi
  for set in "$out"/step-*; do
    [ -d "$set" ] || continue
    [ "$(cat "$set/a" "$set/b" 2>/dev/null | sha256sum | cut -c1-16)" = "$(cat "$set/sum" 2>/dev/null)" ] ||
      { say torn-set "${set##*-}"; exit 7; }
  done
  if [ -e work.txt ]; then
    read -r w <work.txt
    say work-back "$w"
  fi
  seq 1 "$k" >"$out/growing.log"
fi
say began "$k"
while [ "$k" -lt "$STEPS" ]; do
  sleep "$PACE"
  k=$((k + 1))
  h=$(hash_of "$h.$k")
  echo "$k" >>"$out/growing.log"
  if [ $((k % 6)) -eq 0 ]; then
    set=$out/step-$k
    mkdir -p "$set"
    seq "$k" 4000 >"$set/a"
    sleep "$PACE"
    printf '%s' "$h" >"$set/b"
    cat "$set/a" "$set/b" | sha256sum | cut -c1-16 >"$set/sum"
  fi
  echo "$k" >work.new && mv work.new work.txt
  echo "$k $h" >"$out/state.new" && mv "$out/state.new" "$out/state.txt"
  say step "$k"
done
echo "$h" >"$out/final.txt"
head -c "${BULK:-0}" /dev/zero >"$out/bulk.bin"
say ended "$k"
