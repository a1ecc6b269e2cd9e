#!/bin/sh
# Two builds take turns at one table: the build of an older commit, and the one that stands in this repository
# (mvn -q -DskipTests -pl core-storage package). After each step both read everything.
#
#   examples/upgrade/upgrade-check.sh <older commit> [directory]
#
# The newer build must do everything. The older one may do it too, or refuse with a message that names a version, a
# feature or an option; never may it show other records, and never may its step spoil the table for the newer one.
# Ends with 1 when any of that is not so. MVN names the Maven to build with (default: mvn).

set -u
if [ $# -lt 1 ]; then
    sed -n '2,11p' "$0" >&2
    exit 2
fi
commit=$1
here=$(CDPATH='' cd -P "$(dirname "$0")/../.." && pwd) || exit 2
work=${2:-$(mktemp -d)}
mkdir -p "$work" || exit 2
work=$(CDPATH='' cd -P "$work" && pwd) || exit 2
older=$work/older
failures=0
lines=500

if ! ls "$here"/core-storage/target/firn-*.jar >/dev/null 2>&1; then
    echo "the newer build is missing: mvn -q -DskipTests -pl core-storage package" >&2
    exit 2
fi
if [ ! -x "$older/bin/firn" ]; then
    git -C "$here" worktree add --detach "$older" "$commit" >/dev/null 2>&1 || {
        echo "cannot check out $commit" >&2
        exit 2
    }
    trap 'git -C "$here" worktree remove --force "$older"' EXIT
fi
if ! ls "$older"/core-storage/target/firn-*.jar >/dev/null 2>&1; then
    (cd "$older" && ${MVN:-mvn} -q -B -DskipTests -DskipLint -Djacoco.skip -pl core-storage package) || exit 2
fi

firn() {
    build=$1
    shift
    case $build in
        older) "$older/bin/firn" "$@" ;;
        newer) "$here/bin/firn" "$@" ;;
    esac
}

# One line of the table of results, and a failure when it says so.
result() {
    printf '| %-6s | %-34s | %s |\n' "$1" "$2" "$3"
    case $3 in *FAILED*) failures=$((failures + 1)) ;; esac
}

# How the last command refused, or that nobody understands it.
refusal() {
    cat "$work/err" "$work/out" >"$work/both"
    text=$(grep -E '[Nn]ewer release|version|feature|option' "$work/both" | head -n 1 | sed "s#$work/##g" | cut -c 1-240)
    if [ -n "$text" ]; then
        echo "refuses: $text"
    else
        echo "FAILED: unclear: $(head -n 1 "$work/both")"
    fi
}

# Both builds verify the table and read it; the records must be those of the file $expected.
look() {
    for reader in newer older; do
        if ! firn $reader verify "$table" >"$work/out" 2>"$work/err"; then
            [ $reader = older ] && said=$(refusal) || said="FAILED: verify: $(head -n 3 "$work/err" "$work/out")"
        elif ! firn $reader cat "$table" --format value >"$work/read" 2>"$work/err"; then
            : >"$work/out"
            [ $reader = older ] && said=$(refusal) || said="FAILED: cat: $(head -n 3 "$work/err")"
        elif ! cmp -s "$expected" "$work/read"; then
            said="FAILED: shows other records: $(wc -l <"$work/read") instead of $(wc -l <"$expected")"
        else
            said="verifies and shows $(wc -l <"$work/read") records"
        fi
        result $reader "  then" "$said"
    done
}

step() {
    who=$1
    shift
    if firn "$who" "$@" >"$work/out" 2>"$work/err"; then
        result "$who" "$1" "done"
        return 0
    fi
    if [ "$who" = newer ]; then
        result newer "$1" "FAILED: $(head -n 3 "$work/err")"
    else
        result older "$1" "$(refusal)"
    fi
    return 1
}

# Some more lines of three partitions, remembered when they were taken.
append() {
    i=0
    : >"$work/more"
    while [ $i -lt $lines ]; do
        case $((i % 3)) in 0) p=a ;; 1) p=b ;; *) p=c ;; esac
        echo "{\"p\":\"$p\",\"n\":$((serial * lines + i)),\"by\":\"$1\"}" >>"$work/more"
        i=$((i + 1))
    done
    serial=$((serial + 1))
    step "$1" append "$table" "$work/more" && cat "$work/more" >>"$expected"
    look
}

change() {
    step "$@"
    look
}

drop() {
    if step "$1" drop "$table" --where "p = '$2'"; then
        grep -v "\"p\":\"$2\"" "$expected" >"$work/kept"
        mv "$work/kept" "$expected"
    fi
    look
}

# A table that one build made, and everything that the two do to it in turns.
story() {
    maker=$1
    table=$work/made-by-$maker
    expected=$work/expected-$maker
    rm -rf "$table"
    : >"$expected"
    serial=0
    echo "Table made by the $maker build:"
    step "$maker" create "$table" --partition-by 'p:string=value.p' --config disk.min.free.bytes=0
    for turn in older newer; do
        [ $turn = older ] && other=newer || other=older
        append $turn
        change $other settle "$table"
        append $other
        change $turn settle "$table"
        change $other compress "$table"
        append $turn
        change $turn compress "$table"
        append $other
        change $turn decompress "$table" --where "p = 'a'"
        change $other settle "$table"
        change $other compact "$table"
    done
    drop newer a
    append older
    drop older b
    append newer
    change newer compress "$table"
    # the way back: without compressed files the older build reads everything again
    change newer decompress "$table"
    append older
}

echo "older: $(git -C "$here" log -1 --format='%h of %cI' "$commit"), newer: $(git -C "$here" describe --always --dirty)"
story older
story newer
if [ $failures -gt 0 ]; then
    echo "$failures FAILED; kept: $work" >&2
    exit 1
fi
echo "all as it must be"
