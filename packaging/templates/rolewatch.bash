# bash completion for rolewatch
_rolewatch() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' words='' i
        COMPREPLY=()
        # bash takes --from=FILE for three words.
        if [ "$cur" = = ]; then
                cur=''
        elif [ "$prev" = = ]; then
                prev=${COMP_WORDS[COMP_CWORD-2]}
        fi
        for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                -*) ;;
                *) command=${COMP_WORDS[i]} && break ;;
                esac
        done
        if [ -z "$command" ]; then
                case $cur in
                -*) words="@program@" ;;
                *) words="@words@" ;;
                esac
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
                return
        fi
        case $prev in
@values@
        esac
        case $command in
@commands@
        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _rolewatch rolewatch
