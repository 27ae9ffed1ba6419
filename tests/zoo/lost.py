"""Tasks that truly lose the variable and call AWS: with boto3, or with curl or PHP at IMDS. Each is found, with its cause."""
from dataclasses import dataclass

from programs import APACHE, HTTP, PASSENGER, PHP_FPM, PREFORK, SERVICE, SSH, SSHD, UWSGI, VASSALS, WSGI, WSGI_DAEMON

AWS, CURL = "python3 /zoo/call-aws", "/zoo/call-curl"
# What a message says of each cause: rows of agent/judge/causes.c. Without a tool that is known for it, it tells the shape of the line of parents.
SAYS = {"lost-cron": "cron job", "lost-sudo": "sudo command", "lost-su": "su command", "lost-sshd": "ssh session", "lost-php-fpm": "php-fpm worker",
        "lost-s6": "s6 service", "lost-runit": "runit service", "lost-apache": "Apache child", "lost-service": "init-script service", "lost-nginx": "nginx worker",
        "lost-systemd": "systemd unit"}
SHAPES = {"lost-parent": "without", "lost-below-init": "a child of", "lost-orphan": "no running ancestor", "lost-entrypoint": "first process"}
UNSET = "env -u AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
BARE = "env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Lost:
    name: str
    script: str
    causes: str                  # one of these
    port: int = 0                # requests that make it call
    send: bytes = HTTP
    short: bool = False
    args: tuple = ()
    exec_in: str = ""
    early: bool = False          # started before the daemon, which sees no execution of it
    missed: str = ""             # why it is not found with its cause yet: the test fails once it is


def says(cause, message):
    """Does the message name this cause, and none of a tool beside it?"""
    if cause in SAYS:
        return SAYS[cause] in message
    return SHAPES[cause] in message and not any(word in message for word in SAYS.values())


CGI = f"cp /zoo/nginx-cgi.conf /etc/nginx/sites-enabled/default; {BARE} fcgiwrap -s unix:/run/fcgiwrap.socket & sleep 2; chmod 777 /run/fcgiwrap.socket"


def service(run):
    return SERVICE.replace("python3 -m http.server 80", run)


LOST = [
    Lost("cron", f"echo '* * * * * root {AWS}' >/etc/cron.d/job; exec cron -f", "lost-cron"),
    Lost("cron-first", f"echo '* * * * * root {AWS}' >/etc/cron.d/job; exec {BARE} cron -f", "lost-cron"),
    Lost("cron-cleared", f"echo '* * * * * root {AWS}' >/etc/cron.d/job; {BARE} cron; exec nginx -g 'daemon off;'", "lost-cron"),
    Lost("cron-curl", f"echo '* * * * * root {CURL}' >/etc/cron.d/job; exec cron -f", "lost-cron"),
    Lost("cron-php", "echo '* * * * * www-data php /zoo/call.php' >/etc/cron.d/job; exec cron -f", "lost-cron"),
    Lost("cron-nginx", f"echo '* * * * * root {AWS}' >/etc/cron.d/job; cron; exec nginx -g 'daemon off;'", "lost-cron"),
    Lost("at", f"echo '{AWS}' | {BARE} at now; exec atd -f", "lost-cron", short=True),
    Lost("sudo", f"sudo {AWS}; exit", "lost-sudo", short=True),
    Lost("sudo-user", f"useradd -m app; sudo -u app {CURL}; exit", "lost-sudo"),
    Lost("sudo-login", f"sudo -i {AWS}; exit", "lost-sudo"),
    Lost("su", f"useradd -m app; su - app -c '{AWS}'; exit", "lost-su", short=True),
    Lost("runuser", f"useradd -m app; runuser -l app -c '{CURL}'; exit", "lost-su"),
    Lost("sshd", f"{SSHD}; (sleep 3; {SSH} {AWS}) & exec /usr/sbin/sshd -D -e", "lost-sshd"),
    Lost("sshd-curl", f"{SSHD}; (sleep 3; {SSH} {CURL}) & exec /usr/sbin/sshd -D -e", "lost-sshd"),
    Lost("php-fpm", f"{PHP_FPM}; cp /zoo/call.php /tmp/www/index.php; exec php-fpm8.2 -F", "lost-php-fpm", 9000, b"fcgi:/tmp/www/index.php"),
    Lost("php-fpm-curl", f"{PHP_FPM}; echo '<?php shell_exec(\"{CURL} once\");' >/tmp/www/index.php; php-fpm8.2 -F; exit", "lost-php-fpm", 9000, b"fcgi:/tmp/www/index.php", short=True),
    Lost("php-fpm-nginx", f"{PHP_FPM}; cp /zoo/call.php /tmp/www/index.php; cp /zoo/nginx-php.conf /etc/nginx/sites-enabled/default; php-fpm8.2 -D; exec nginx -g 'daemon off;'", "lost-php-fpm", 80),
    Lost("apache-cgi", f"{APACHE} a2enmod -q cgi >/dev/null; cp /zoo/call-curl /usr/lib/cgi-bin/call; exec apache2 -DFOREGROUND", "lost-apache", 80, b"GET /cgi-bin/call HTTP/1.0\r\n\r\n"),
    Lost("apache-first", f"{APACHE} a2enmod -q cgi >/dev/null; cp /zoo/call-curl /usr/lib/cgi-bin/call; exec env -u AWS_CONTAINER_CREDENTIALS_RELATIVE_URI apache2 -DFOREGROUND", "lost-entrypoint", 80, b"GET /cgi-bin/call HTTP/1.0\r\n\r\n"),
    Lost("fcgiwrap", f"{CGI}; nginx -g 'daemon off;'; exit", "lost-below-init lost-parent", 80),
    Lost("fcgiwrap-tini", f"exec tini -- sh -c \"{CGI}; exec nginx -g 'daemon off;'\"", "lost-below-init lost-parent", 80),
    Lost("fcgiwrap-first", f"{CGI}; exec nginx -g 'daemon off;'", "lost-below-init lost-parent", 80),
    Lost("service-cron", f"echo '* * * * * root {AWS}' >/etc/cron.d/job; service cron start >/dev/null; exec sleep 3000", "lost-cron"),
    Lost("service-supervisor", f"printf '[program:a]\\ncommand={AWS}\\n' >/etc/supervisor/conf.d/a.conf; service supervisor start >/dev/null; exec sleep 3000",
         "lost-service lost-below-init lost-orphan"),
    Lost("supervisord", f"printf '[supervisord]\\nnodaemon=true\\n[program:a]\\ncommand={BARE} {AWS}\\n' >/tmp/s.conf; exec supervisord -n -c /tmp/s.conf", "lost-below-init lost-parent"),
    Lost("s6-first", f"{service(AWS)}; exec {BARE} s6-svscan /tmp/sv", "lost-s6"),
    Lost("s6", f"{service(AWS)}; {BARE} s6-svscan /tmp/sv; exit", "lost-s6", short=True),
    Lost("runit-first", f"{service(AWS)}; exec {BARE} runsvdir /tmp/sv", "lost-runit"),
    Lost("runit", f"{service(AWS)}; {BARE} runsvdir /tmp/sv; exit", "lost-runit"),
    Lost("runit-curl", f"{service(CURL)}; {BARE} runsvdir /tmp/sv; exit", "lost-runit"),
    Lost("daemontools", f"{service(AWS)}; {BARE} svscan /tmp/sv; exit", "lost-below-init lost-parent"),
    Lost("env-i", f"{BARE} {AWS}; exit", "lost-below-init lost-parent", short=True),
    Lost("env-i-curl", f"bash -c '{BARE} {CURL}; exit'; exit", "lost-below-init lost-parent"),
    Lost("entrypoint-curl", f"exec {BARE} {CURL}", "lost-entrypoint", short=True),
    Lost("entrypoint-unset", f"unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; exec {AWS}", "lost-entrypoint"),
    Lost("entrypoint", f"exec {BARE} {AWS}", "lost-entrypoint"),
    Lost("unset", f"unset AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; {AWS}; exit", "lost-below-init lost-parent"),
    Lost("tini", f"exec tini -- {BARE} {AWS}", "lost-below-init lost-parent"),
    Lost("setpriv", f"setpriv --reset-env {AWS}; exit", "lost-below-init lost-parent"),
    Lost("node-child", f"exec node -e 'require(\"child_process\").spawn(\"python3\", [\"/zoo/call-aws\"], {{env: {{PATH: \"/usr/bin\"}}}})'", "lost-below-init lost-parent"),
    Lost("ruby-child", f"exec ruby -e 'spawn({{\"PATH\" => \"/usr/bin:/bin\"}}, \"{AWS}\", unsetenv_others: true); Process.wait'", "lost-below-init lost-parent"),
    Lost("perl-child", f"exec perl -e 'local %ENV = (PATH => \"/usr/bin:/bin\"); system(\"{CURL}\")'", "lost-below-init lost-parent"),
    Lost("gunicorn", f"{BARE} gunicorn --chdir /zoo -w 2 -b :80 aws_app:app; exit", "lost-below-init lost-parent", 80),
    Lost("gunicorn-first", f"exec {BARE} gunicorn --chdir /zoo -w 2 -b :80 aws_app:app", "lost-entrypoint lost-orphan lost-below-init", 80),
    Lost("gunicorn-early", f"exec {BARE} gunicorn --chdir /zoo -w 2 -b :80 aws_app:app", "lost-entrypoint", 80, early=True, short=True),
    Lost("s6-early", f"{service(AWS)}; exec {BARE} s6-svscan /tmp/sv", "lost-s6", early=True),
    Lost("gunicorn-preload", f"{BARE} gunicorn --preload --chdir /zoo -w 2 -b :80 aws_app:app; exit", "lost-below-init lost-parent", 80),
    Lost("uwsgi", f"{BARE} {UWSGI}; exit", "lost-below-init lost-parent", 80),
    Lost("uwsgi-first", f"exec {BARE} {UWSGI}", "lost-entrypoint", 80),
    Lost("uwsgi-title", f"exec {BARE} {UWSGI} --auto-procname", "lost-entrypoint", 80),
    Lost("uwsgi-emperor", f"{VASSALS}; {BARE} uwsgi --emperor /tmp/vassals; exit", "lost-below-init lost-parent", 80),
    Lost("uwsgi-unenv", f"exec {UWSGI} --unenv AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "lost-entrypoint", 80,
         missed="its options change the variable, and are not applied: its environment is unknown"),
    Lost("mod-wsgi", f"{WSGI}; exec {UNSET} apache2 -DFOREGROUND", "lost-entrypoint", 80),
    Lost("mod-wsgi-daemon", f"{WSGI_DAEMON}; exec {UNSET} apache2 -DFOREGROUND", "lost-entrypoint", 80),
    Lost("mod-wsgi-below", f"{WSGI_DAEMON}; {UNSET} apache2 -DFOREGROUND; exit", "lost-below-init lost-parent", 80),
    Lost("mod-php", f"{PREFORK}; cp /zoo/call.php /var/www/html/index.php; rm /var/www/html/index.html; {UNSET} apache2 -DFOREGROUND; exit", "lost-below-init lost-parent", 80),
    Lost("passenger", f"{PASSENGER}; exec {UNSET} apache2 -DFOREGROUND", "lost-entrypoint lost-apache", 80),
    Lost("passenger-below", f"{PASSENGER}; {UNSET} apache2 -DFOREGROUND; exit", "lost-below-init lost-parent lost-apache", 80),
    Lost("nginx-lua-child", "exec nginx -c /zoo/nginx-lua.conf -g 'daemon off;'", "lost-nginx", 80, b"GET /child HTTP/1.0\r\n\r\n"),
    Lost("nginx-perl", "exec nginx -c /zoo/nginx-perl.conf -g 'daemon off;'", "lost-nginx", 80,
         missed="a module may have read the variable in the main process, as nginx-lua of the healthy does: its environment is unknown"),
    Lost("docker-exec", "exec sleep 3000", "lost-below-init lost-parent lost-orphan", exec_in=f"{BARE} {AWS}"),
]
