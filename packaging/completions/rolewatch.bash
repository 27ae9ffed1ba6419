# bash completion for rolewatch
# Written by packaging/pages from the program's own tables; do not edit.
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
                -*) words="--version --help --verbose" ;;
                *) words="check explain report snapshot watch status config findings chains needs bundle roles plan decode policy help version" ;;
                esac
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
                return
        fi
        case $prev in
        --from|-o|--output|-c|--config|--junit|--bundle|--host|--env-file)
                compopt -o filenames 2>/dev/null
                mapfile -t COMPREPLY < <(compgen -f -- "$cur")
                return
                ;;
        --role|--cluster|--service|--image|--needs|--launch-type|--task-role|--execution-role|--region|--resource|--account|--partition|--namespace) return ;;
        esac
        case $command in
        check) words="--json --from --help --verbose" ;;
        explain) words="--from --help --verbose" ;;
        report) words="--html --output --from --help --verbose" ;;
        snapshot) words="--output --help --verbose" ;;
        watch) words="--config --help --verbose" ;;
        status) words="--json --config --help --verbose" ;;
        config) words="--check --print --config --help --verbose" ;;
        findings) words="--json --names --help --verbose wrong-role wrong-role-denied wrong-role-allowed right-role-denied instance-role-denied execution-role-denied trust-mismatch role-missing no-credentials credentials-expired endpoint-unreachable endpoint-flapping sdk-too-old sdk-sticky-on-instance-role imds-open-to-tasks" ;;
        chains) words="--json --help --verbose botocore cli2 js2 js3 java1 java2 kotlin go1 go2 ruby2 ruby3 php dotnet3 dotnet4 rust cpp crt registry pgbackrest s3fs s3fs-iam-role s3fs-ecs s3cmd restic minio-go rclone cloudwatch-agent boto2 fluent-bit opendal object-store gdal async-aws s3a" ;;
        needs) words="--from --help --verbose" ;;
        bundle) words="--role --output --help --verbose" ;;
        roles) words="--json --list --offline --from --cluster --service --help --verbose" ;;
        plan) words="--json --junit --image --bundle --needs --host --launch-type --task-role --execution-role --region --env-file --resource --help --verbose" ;;
        decode) words="--json --here --from --forms --help --verbose -" ;;
        policy) words="--rulings --iam --ecs --services --cloudwatch --cluster --region --account --partition --namespace --help --verbose eval statement" ;;
        help) words="--json --help --verbose check explain report snapshot watch status config findings chains needs bundle roles plan decode policy help version" ;;
        version) words="--help --verbose" ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _rolewatch rolewatch
