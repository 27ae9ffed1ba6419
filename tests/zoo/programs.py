"""Healthy tasks: stock programs of Debian, started as their official images start them.

`run` is the last command of the container's script. A Program whose `shell` is set stays below the entrypoint's shell;
the others replace it and are their container's first process. Those that call AWS stand together, and have the variable.
"""
from dataclasses import dataclass

HTTP = b"GET / HTTP/1.0\r\nHost: zoo\r\n\r\n"
POSTGRES = b"\x00\x00\x00\x29\x00\x03\x00\x00user\x00postgres\x00database\x00postgres\x00\x00"


@dataclass
class Program:
    name: str
    run: str
    setup: str = ""
    port: int = 0
    send: bytes = HTTP
    signals: str = ""            # that its main process gets while it is watched
    workers: bool = False        # one of its children is ended, and comes again
    shell: bool = False
    short: bool = False          # one of those that make check has
    args: tuple = ()
    exec_in: str = ""            # a command run by `docker exec -d`

    def script(self):
        # A command after the program keeps the shell: it would replace itself by the last one.
        return f"{self.setup}\n{self.run}\nexit $?" if self.shell else f"{self.setup}\nexec {self.run}"


def below(name, like, **more):
    """The same program below an entrypoint's shell."""
    return Program(**{**next(p for p in FIRST if p.name == like).__dict__, "name": name, "shell": True, "short": False, **more})


PHP_FPM = "mkdir -p /run/php /tmp/www; echo '<?php echo \"ok\";' >/tmp/www/index.php; sed -i 's/^listen = .*/listen = 9000/' /etc/php/8.2/fpm/pool.d/www.conf"
APACHE = ". /etc/apache2/envvars; mkdir -p $APACHE_RUN_DIR /var/lock/apache2; "
PREFORK = APACHE + "a2dismod -q mpm_event >/dev/null 2>&1; a2enmod -q mpm_prefork php8.2 >/dev/null"
EVENT = APACHE + "a2dismod -q php8.2 mpm_prefork >/dev/null 2>&1; a2enmod -q mpm_event >/dev/null"
SUPERVISOR = """cat >/tmp/s.conf <<X
[supervisord]
nodaemon=true
[program:nginx]
command=nginx -g 'daemon off;'
autorestart=true
[program:php]
command=php-fpm8.2 -F
autorestart=true
[program:loop]
command=/bin/bash -c 'while :; do sleep 1; done'
X"""
WSGI = EVENT + "; a2enmod -q wsgi >/dev/null; a2dissite -q 000-default >/dev/null; cp /zoo/wsgi.conf /etc/apache2/conf-enabled/wsgi.conf; echo ServerName zoo >>/etc/apache2/apache2.conf"
WSGI_DAEMON = WSGI + "; echo 'WSGIDaemonProcess zoo processes=2 display-name=%{GROUP}' >>/etc/apache2/conf-enabled/wsgi.conf; echo 'WSGIProcessGroup zoo' >>/etc/apache2/conf-enabled/wsgi.conf"
PASSENGER = EVENT + "; a2enmod -q passenger >/dev/null; cp /zoo/passenger.conf /etc/apache2/sites-enabled/000-default.conf; mkdir -p /tmp/app/public; cp /zoo/aws.ru /tmp/app/config.ru; printf 'GEM\\n  specs:\\n    aws-sdk-core (3.168.1)\\n' >/tmp/app/Gemfile.lock; echo ServerName zoo >>/etc/apache2/apache2.conf"
UWSGI = "uwsgi --plugin python3 --http-socket :80 --wsgi-file /zoo/aws_app.py --callable app --master --processes 2"
VASSALS = "mkdir -p /tmp/vassals; printf '[uwsgi]\nplugin = python3\nhttp-socket = :80\nwsgi-file = /zoo/aws_app.py\ncallable = app\nmaster = true\nprocesses = 2\nenv = DJANGO_SETTINGS_MODULE=web\n' >/tmp/vassals/web.ini"
CALL = "python3 /zoo/call-aws"
REDIS = "redis-server --daemonize yes --save '' >/dev/null; export QUEUE=redis://127.0.0.1"
HTTPD = "python3 -m http.server 80"
def as_user(name):
    """What an entrypoint puts before its program, so that it runs as that user."""
    return f"setpriv --reuid={name} --regid={name} --clear-groups "


SERVICE = "for d in web loop; do mkdir -p /tmp/sv/$d; done; printf '#!/bin/sh\\nexec " + HTTPD + "\\n' >/tmp/sv/web/run; " \
          "printf '#!/bin/sh\\nwhile :; do sleep 2; done\\n' >/tmp/sv/loop/run; chmod 755 /tmp/sv/*/run"
SSHD = "mkdir -p /run/sshd ~/.ssh; ssh-keygen -qA; ssh-keygen -qN '' -f ~/.ssh/id_ed25519 -t ed25519; cp ~/.ssh/id_ed25519.pub ~/.ssh/authorized_keys"
SSH = "ssh -o StrictHostKeyChecking=no localhost"

FIRST = [
    # ---- web servers and proxies ----
    Program("nginx", "nginx -g 'daemon off;'", port=80, signals="HUP USR1", workers=True, short=True),
    Program("nginx-php", "supervisord -n -c /tmp/s.conf", PHP_FPM + "; cp /zoo/nginx-php.conf /etc/nginx/sites-enabled/default; " + SUPERVISOR, 80, signals="HUP", workers=True, short=True),
    Program("apache-prefork", "apache2 -DFOREGROUND", PREFORK, 80, signals="USR1 HUP", workers=True),
    Program("apache-event", "apache2 -DFOREGROUND", EVENT, 80, signals="USR1 HUP", workers=True),
    Program("php-fpm", "php-fpm8.2 -F", PHP_FPM, 9000, b"fcgi:/tmp/www/index.php", "USR1 USR2", workers=True, short=True),
    Program("lighttpd", "lighttpd -D -f /etc/lighttpd/lighttpd.conf", "mkdir -p /run/lighttpd; chown www-data /run/lighttpd", 80, signals="HUP USR1"),
    Program("haproxy", "haproxy -W -db -f /zoo/haproxy.cfg", port=80, signals="USR2"),
    Program("varnish", "varnishd -F -a :80 -b 127.0.0.1:8080 -s malloc,16m -n /tmp/v", port=80),
    Program("squid", "squid -NYC", "echo 'max_filedescriptors 1024' >>/etc/squid/squid.conf", 3128, signals="HUP USR1"),
    Program("caddy", "caddy run --config /tmp/Caddyfile", "printf ':80\\nrespond ok\\n' >/tmp/Caddyfile", 80, signals="USR1"),
    Program("tinyproxy", "tinyproxy -d", "mkdir -p /run/tinyproxy; chown tinyproxy /run/tinyproxy", 8888, signals="USR1"),
    Program("stunnel", "stunnel4 /tmp/s.conf", "printf 'foreground=yes\\npid=\\n[s]\\nclient=yes\\naccept=8443\\nconnect=127.0.0.1:9\\n' >/tmp/s.conf", 8443, signals="HUP USR1"),
    Program("mini-httpd", "mini_httpd -D -p 80 -d /var/www/html", port=80, signals="HUP"),
    Program("fcgiwrap", "fcgiwrap -c 2 -s tcp:0.0.0.0:9000", port=9000, send=b"fcgi:/zoo/ok.cgi"),
    # ---- application servers ----
    Program("gunicorn", "gunicorn --chdir /zoo -w 2 -b :80 app:app", port=80, signals="HUP USR1", workers=True, short=True),
    Program("gunicorn-gevent", "gunicorn --chdir /zoo -k gevent -w 2 -b :80 app:app", port=80, signals="HUP USR1", workers=True),
    Program("uwsgi", "uwsgi --plugin python3 --http-socket :80 --wsgi-file /zoo/app.py --master --processes 2 --auto-procname", port=80, signals="HUP", workers=True),
    Program("celery", "/zoo/celery -A tasks worker --concurrency 2 --without-mingle", "cd /zoo; " + REDIS, signals="HUP", workers=True),
    Program("celery-beat", "/zoo/celery -A tasks beat -s /tmp/beat --pidfile=", "cd /zoo"),
    Program("rq", "rq worker", "cd /zoo; redis-server --daemonize yes --save '' >/dev/null; python3 jobs.py &"),
    Program("uvicorn", "uvicorn --app-dir /zoo --host 0.0.0.0 --port 80 --workers 2 asgi:app", port=80),
    Program("tornado", "python3 /zoo/tornado_app.py", port=80, workers=True),
    Program("twisted", "twistd3 -n --pidfile= web --listen tcp:80 --path /var/www/html", port=80),
    Program("waitress", "python3 -m waitress --port=80 app:app", "cd /zoo; export PYTHONPATH=/zoo", 80),
    Program("python-title", "python3 /zoo/title.py", short=True),
    Program("puma", "puma -w 2 -b tcp://0.0.0.0:80 /zoo/config.ru", port=80, signals="USR1", workers=True),
    Program("unicorn", "unicorn -l 0.0.0.0:80 -c /tmp/u.rb /zoo/config.ru", "echo 'worker_processes 2' >/tmp/u.rb", 80, signals="HUP USR1", workers=True),
    Program("sidekiq", "sidekiq -r /zoo/worker.rb", "redis-server --daemonize yes --save '' >/dev/null", signals="TSTP"),
    Program("ruby-title", "ruby /zoo/title.rb"),
    Program("node", "node /zoo/server.js", port=80),
    Program("node-title", "node /zoo/server.js 'a-service-with-a-name'", port=80),
    Program("node-cluster", "node /zoo/cluster.js", port=80, workers=True),
    Program("tomcat", "/usr/share/tomcat10/bin/catalina.sh run", "mkdir -p /tmp/t/conf /tmp/t/logs /tmp/t/temp /tmp/t/webapps; cp -L /etc/tomcat10/*.xml /etc/tomcat10/*.properties /tmp/t/conf; "
            "export CATALINA_BASE=/tmp/t CATALINA_HOME=/usr/share/tomcat10 JAVA_OPTS='-Xmx64m -XX:+UseSerialGC'", 8080),
    Program("starman", "starman --workers 2 --host 0.0.0.0 --port 80 /zoo/app.psgi", port=80, workers=True),
    Program("hypnotoad", "hypnotoad -f /tmp/mojo.pl", "cp /zoo/mojo.pl /tmp/mojo.pl; chmod 755 /tmp/mojo.pl", 80, workers=True),
    Program("perl-title", "perl /zoo/title.pl", short=True),
    Program("php-title", "php /zoo/title.php"),
    # ---- those that call AWS, with the variable ----
    Program("uwsgi-aws", UWSGI, port=80, signals="HUP", workers=True),
    Program("uwsgi-title-aws", UWSGI + " --auto-procname --lazy-apps", port=80, workers=True),
    Program("uwsgi-emperor", "uwsgi --emperor /tmp/vassals", VASSALS, 80, signals="HUP"),
    Program("gunicorn-preload", "gunicorn --preload --chdir /zoo -w 2 -b :80 aws_app:app", port=80, signals="HUP", workers=True),
    Program("mod-wsgi", "apache2 -DFOREGROUND", WSGI, 80, signals="USR1"),
    Program("mod-wsgi-daemon", "apache2 -DFOREGROUND", WSGI_DAEMON, 80, signals="USR1"),
    Program("passenger", "apache2 -DFOREGROUND", PASSENGER, 80, signals="USR1"),
    Program("supervisord-env", "supervisord -n -c /tmp/s.conf", "printf '[supervisord]\nnodaemon=true\nenvironment=AWS_REGION=\"eu-west-1\"\n[program:a]\ncommand=" + CALL + "\nenvironment=APP=\"a\"\n' >/tmp/s.conf"),
    Program("nginx-perl-env", "nginx -c /zoo/nginx-perl.conf -g 'daemon off; env AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;'", port=80, signals="HUP", workers=True),
    Program("nginx-lua", "nginx -c /zoo/nginx-lua.conf -g 'daemon off;'", port=80, signals="HUP", workers=True),
    Program("openresty", "openresty -c /zoo/nginx-lua.conf -g 'daemon off;'", "ln -s /usr/sbin/nginx /usr/bin/openresty", 80, signals="HUP", workers=True),
    Program("s6-contenv", "env -i PATH=/usr/bin:/bin s6-svscan /tmp/sv", "mkdir -p /run/env /tmp/sv/a; printf %s \"$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\" >/run/env/AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; "
            "printf '#!/bin/sh\nexec s6-envdir /run/env " + CALL + "\n' >/tmp/sv/a/run; chmod 755 /tmp/sv/a/run", signals="HUP"),
    # ---- databases and queues ----
    Program("redis", as_user("redis") + "redis-server --protected-mode no --dir /tmp", port=6379, send=b"SET a b\r\nBGSAVE\r\n", short=True),
    Program("memcached", as_user("memcache") + "memcached -m 16 -l 0.0.0.0", port=11211, send=b"stats\r\n", short=True),
    Program("postgres", "gosu postgres /usr/lib/postgresql/15/bin/postgres -D /tmp/pg -c listen_addresses='*' -c shared_buffers=8MB",
            "gosu postgres /usr/lib/postgresql/15/bin/initdb -N -D /tmp/pg -A trust >/dev/null; echo 'host all all 0.0.0.0/0 trust' >>/tmp/pg/pg_hba.conf; mkdir -p /var/run/postgresql; chown postgres /var/run/postgresql",
            5432, POSTGRES, "HUP"),
    Program("mariadb", "gosu mysql mariadbd --bind-address=0.0.0.0 --innodb-buffer-pool-size=8M", "mkdir -p /run/mysqld; chown mysql /run/mysqld", 3306, b"", "HUP"),
    Program("pgbouncer", "gosu postgres pgbouncer /zoo/pgbouncer.ini", port=6432, send=POSTGRES, signals="HUP"),
    Program("pgpool", "gosu postgres pgpool -n -f /etc/pgpool2/pgpool.conf", "mkdir -p /var/run/postgresql /var/run/pgpool; chown postgres /var/run/postgresql /var/run/pgpool; rm -f /var/run/*/pgpool.pid; sed -i 's/^#*num_init_children.*/num_init_children = 3/' /etc/pgpool2/pgpool.conf; "
            "sed -i \"s/^#*listen_addresses.*/listen_addresses = '0.0.0.0'/\" /etc/pgpool2/pgpool.conf", signals="HUP"),
    Program("beanstalkd", "beanstalkd -l 0.0.0.0", port=11300, send=b"stats\r\n"),
    Program("rabbitmq", "gosu rabbitmq rabbitmq-server", port=5672, send=b"AMQP\x00\x00\x09\x01"),
    Program("etcd", "etcd --data-dir /tmp/etcd", port=0),
    Program("nats", "nats-server", port=4222, send=b"PING\r\n", signals="HUP USR1"),
    Program("mosquitto", "mosquitto -p 1883", port=1883, send=b"", signals="HUP"),
    Program("slapd", "slapd -d 0 -h ldap:/// -F /etc/ldap/slapd.d", "ulimit -n 1024; mkdir -p /run/slapd", 389, b""),
    # ---- network services ----
    Program("node-exporter", "prometheus-node-exporter --web.listen-address=:80 --no-collector.processes", port=80),
    Program("docker-registry", "docker-registry serve /etc/docker/registry/config.yml", port=5000),
    Program("dovecot", "dovecot -F", "printf 'protocols = imap\\nssl = no\\nlog_path = /dev/stderr\\n' >/etc/dovecot/dovecot.conf", 143, b"", "HUP USR1"),
    Program("postfix", "postfix start-fg", "cp -n /usr/share/postfix/main.cf.debian /etc/postfix/main.cf; postconf -e inet_interfaces=all maillog_file=/dev/stdout; newaliases", 25, b"EHLO zoo\r\nQUIT\r\n", "HUP"),
    Program("vsftpd", "vsftpd /tmp/v.conf", "ulimit -n 1024; mkdir -p /var/run/vsftpd/empty; printf 'listen=YES\\nlisten_ipv6=NO\\nbackground=NO\\nseccomp_sandbox=NO\\nanonymous_enable=YES\\n' >/tmp/v.conf"),
    Program("sshd", "/usr/sbin/sshd -D -e", SSHD + f"; (sleep 3; {SSH} sleep 3000) &", 22, b""),
    Program("unbound", "unbound -d -p", "printf 'server:\\n  auto-trust-anchor-file: \"\"\\n  interface: 0.0.0.0\\n' >/etc/unbound/unbound.conf", 53, b"", "HUP"),
    Program("bind9", "named -g -u bind", "mkdir -p /run/named; chown bind /run/named", 53, b"", "HUP"),
    Program("dnsmasq", "dnsmasq -k", "mkdir -p /run/dnsmasq", 53, b"", "HUP USR1"),
    Program("snmpd", "snmpd -f -Lo -C udp:161", signals="HUP"),
    Program("collectd", "collectd -f -C /tmp/c.conf", "mkdir -p /tmp/rrd; printf 'BaseDir \"/tmp/rrd\"\\nLoadPlugin load\\nLoadPlugin exec\\n<Plugin exec>\\nExec \"nobody\" \"/bin/sh\" \"-c\" \"while :; do sleep 1; done\"\\n</Plugin>\\n' >/tmp/c.conf"),
    Program("xinetd", "xinetd -dontfork -f /tmp/x.conf", "printf 'service echo\\n{\\ntype = INTERNAL\\nid = echo-stream\\nsocket_type = stream\\nprotocol = tcp\\nuser = root\\nwait = no\\n}\\n' >/tmp/x.conf", signals="HUP"),
    Program("chronyd", "chronyd -d -x -n", "mkdir -p /run/chrony; chown _chrony /run/chrony"),
    Program("spamd", "spamd --max-children 2 -L --listen 0.0.0.0 -A 0.0.0.0/0", port=783, send=b"PING SPAMC/1.2\r\n\r\n", workers=True),
    Program("zabbix-agent", "zabbix_agentd -f", "mkdir -p /run/zabbix; chown zabbix /run/zabbix", 10050, b"", workers=False),
    Program("rsyslogd", "rsyslogd -n", "sed -i '/imklog/d' /etc/rsyslog.conf", signals="HUP"),
    Program("monit", "monit -I -c /tmp/m", "printf 'set daemon 2\\nset log /dev/stdout\\ncheck process monit with pidfile /run/monit.pid\\n' >/tmp/m; chmod 600 /tmp/m", signals="HUP"),
    Program("fail2ban", "fail2ban-server -xf start", "rm -f /etc/fail2ban/jail.d/*; mkdir -p /run/fail2ban", signals="HUP"),
    # ---- schedulers, supervisors and shells ----
    Program("cron", "cron -f", "echo '* * * * * root sleep 20' >/etc/cron.d/job", short=True),
    Program("atd", "atd -f", "echo 'sleep 100' | at now 2>/dev/null"),
    Program("supervisord", "supervisord -n -c /tmp/s.conf", "printf '[supervisord]\\nnodaemon=true\\n[program:web]\\ncommand=" + HTTPD + "\\n[program:loop]\\ncommand=/bin/sh -c \"while :; do sleep 2; done\"\\n' >/tmp/s.conf", 80, signals="HUP"),
    Program("s6", "s6-svscan /tmp/sv", SERVICE, 80, signals="HUP", short=True),
    Program("runit", "runsvdir /tmp/sv", SERVICE, 80),
    Program("daemontools", "svscan /tmp/sv", SERVICE, 80),
    Program("tini", "tini -- " + HTTPD, port=80, short=True),
    Program("dumb-init", f"dumb-init -- sh -c '{HTTPD} & while :; do sleep 1; done'", port=80),
    Program("catatonit", "catatonit -- sleep 3000"),
    Program("bash-loop", "bash -c 'while :; do sleep 0.5; done'", short=True),
    Program("health-check", HTTPD, port=80, args=("--health-cmd", "curl -fs http://localhost/ >/dev/null", "--health-interval", "2s"), short=True),
    Program("docker-exec", "sleep 3000", exec_in="bash -c 'while :; do sleep 1; done'"),
    Program("sudo-su", "sleep 3000", "useradd -m app; sudo -u app sleep 2900 & su - app -c 'sleep 2950' & env -i sleep 2970 &", short=True),
]

BELOW = [
    below("nginx-sh", "nginx", short=True),
    below("php-fpm-sh", "php-fpm"),
    below("gunicorn-sh", "gunicorn"),
    below("celery-sh", "celery", short=True),
    below("redis-sh", "redis"),
    below("puma-sh", "puma"),
    below("uwsgi-sh", "uwsgi"),
    below("postgres-sh", "postgres"),
    below("perl-title-sh", "perl-title"),
    Program("nginx-cron", "nginx -g 'daemon off;'", "echo '* * * * * root sleep 20' >/etc/cron.d/job; cron", 80, signals="HUP USR1"),
    Program("sh-wait", "wait", "sleep 3000 &", shell=True),
    Program("entry-many", "wait", "redis-server --protected-mode no & nginx -g 'daemon off;' & gunicorn --chdir /zoo -w 2 -b :8000 app:app & ", 80, shell=True),
]

PROGRAMS = FIRST + BELOW
