use Mojolicious::Lite;
app->config(hypnotoad => { listen => ["http://*:80"], workers => 2, pid_file => "/tmp/hypnotoad.pid" });
get "/" => sub { shift->render(text => "ok") };
app->start;
