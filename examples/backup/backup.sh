#!/bin/sh
# backup.sh <table> <copy>: copies a table while its writers go on, if nothing rewrites or removes its files meanwhile
# (lifecycle.mode=off; no firn settle, compress, compact, expire, drop, erase). Run firn recover <copy> and then firn
# verify <copy> afterwards: a copy is like a table whose process was killed, and recover ends it at its last commit.
# What an owner publishes is copied before its log, and a log before the data that it names, so the copy is what was
# committed when its logs were read; what lies behind that is cut off. Ends with an error when a writer began another
# log under it: delete the copy and start again. Each run makes a new copy; the directory must not exist.
set -eu
table=$1
copy=$2
mkdir -p "$(dirname "$copy")"
mkdir -m 0750 "$copy" "$copy/_table"
# what an owner publishes must not be ahead of its log
for published in "$table"/_table/catalog/pos "$table"/_table/lanes/*/pos; do
    if [ -e "$published" ]; then
        directory=$(dirname "${published#"$table"/}")
        mkdir -p "$copy/$directory"
        cp -a "$published" "$copy/$directory/"
    fi
done
for entry in "$table"/_table/lanes/*/*; do
    case $entry in
    */pos | */lanes/\*/\*) ;;
    *)
        lane=$copy/_table/lanes/$(basename "$(dirname "$entry")")
        mkdir -p "$lane"
        cp -a "$entry" "$lane/"
        ;;
    esac
done
[ ! -d "$table/_table/lanes" ] || mkdir -p "$copy/_table/lanes"
if [ -d "$table/_table/catalog" ]; then
    mkdir -p "$copy/_table/catalog"
    for entry in "$table"/_table/catalog/*; do
        case $entry in
        */pos) ;;
        *) cp -a "$entry" "$copy/_table/catalog/" ;;
        esac
    done
fi
for part in sinks expired; do
    if [ -d "$table/_table/$part" ]; then
        cp -a "$table/_table/$part" "$copy/_table/"
    fi
done
for entry in "$table"/_table/* "$table"/*; do
    case ${entry#"$table"/} in
    _table | _table/catalog | _table/lanes | _table/sinks | _table/expired | _table/tmp) ;;
    *) [ ! -e "$entry" ] || cp -a "$entry" "$copy/$(dirname "${entry#"$table"/}")/" ;;
    esac
done
sync
