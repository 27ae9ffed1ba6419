# bash completion for rolewatch
_rolewatch() {
        local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
                mapfile -t COMPREPLY < <(compgen -W "@words@" -- "$cur")
                return
        fi
        case ${COMP_WORDS[COMP_CWORD-1]} in
@values@
        esac
        case $command in
@commands@
        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _rolewatch rolewatch
