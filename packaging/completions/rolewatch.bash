# bash completion for rolewatch
# Written by packaging/pages from the program's own tables; do not edit.
_rolewatch() {
        local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} words=
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
                mapfile -t COMPREPLY < <(compgen -W "check explain report snapshot watch status config findings chains needs bundle roles decode policy help version" -- "$cur")
                return
        fi
        case ${COMP_WORDS[COMP_CWORD-1]} in
        --from|-o|--config)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                return
                ;;
        --role|--cluster|--service|--region|--account|--partition|--namespace) return ;;
        esac
        case $command in
        check) words="--json --from --verbose" ;;
        explain) words="--from" ;;
        report) words="--html -o --from" ;;
        snapshot) words="-o --verbose" ;;
        watch) words="--config --verbose" ;;
        status) words="--json --config" ;;
        config) words="--check --print --config" ;;
        findings) words="--json --names wrong-role wrong-role-denied wrong-role-allowed right-role-denied instance-role-denied execution-role-denied trust-mismatch role-missing no-credentials credentials-expired endpoint-unreachable endpoint-flapping sdk-too-old sdk-sticky-on-instance-role imds-open-to-tasks" ;;
        chains) words="--json botocore cli2 js2 js3 java1 java2 go1 go2 ruby2 ruby3 php dotnet3 dotnet4 rust cpp crt" ;;
        needs) words="--from" ;;
        bundle) words="--role -o" ;;
        roles) words="--json --list --offline --from --cluster --service" ;;
        decode) words="--json --here --from --forms -" ;;
        policy) words="--rulings --iam --ecs --services --cloudwatch --cluster --region --account --partition --namespace eval statement" ;;
        help) words="--json" ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _rolewatch rolewatch
