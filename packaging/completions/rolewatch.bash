# bash completion for rolewatch
_rolewatch() {
        local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
        if [ "$COMP_CWORD" -eq 1 ]; then
                mapfile -t COMPREPLY < <(compgen -W "check explain watch status config findings snapshot chains needs bundle roles decode policy help version" -- "$cur")
                return
        fi
        case $prev in
        --from|-o) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
        esac
        case ${COMP_WORDS[1]} in
        check) mapfile -t COMPREPLY < <(compgen -W "--json --from" -- "$cur") ;;
        explain) mapfile -t COMPREPLY < <(compgen -W "--from" -- "$cur") ;;
        chains) mapfile -t COMPREPLY < <(compgen -W "--json botocore cli2 js2 js3 java1 java2 go1 go2 ruby2 ruby3 php dotnet3 dotnet4 rust cpp crt" -- "$cur") ;;
        bundle) mapfile -t COMPREPLY < <(compgen -W "--role -o" -- "$cur") ;;
        needs) mapfile -t COMPREPLY < <(compgen -W "--from" -- "$cur") ;;
        watch) mapfile -t COMPREPLY < <(compgen -W "--config" -- "$cur") ;;
        status) mapfile -t COMPREPLY < <(compgen -W "--json --config" -- "$cur") ;;
        config) mapfile -t COMPREPLY < <(compgen -W "--check --print --config" -- "$cur") ;;
        findings) mapfile -t COMPREPLY < <(compgen -W "--json --names" -- "$cur") ;;
        roles) mapfile -t COMPREPLY < <(compgen -W "--json --list --offline --from --cluster --service" -- "$cur") ;;
        decode) mapfile -t COMPREPLY < <(compgen -W "--json --here --from" -- "$cur") ;;
        policy) mapfile -t COMPREPLY < <(compgen -W "eval statement --iam --ecs --services --cloudwatch --cluster --region --account --partition --namespace" -- "$cur") ;;
        snapshot) mapfile -t COMPREPLY < <(compgen -W "-o" -- "$cur") ;;
        esac
}
complete -F _rolewatch rolewatch
