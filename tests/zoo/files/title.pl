for my $i (1 .. 2) {
    next if fork;
    $0 = "perl worker $i: " . "x" x 2000;
    sleep 1 while 1;
}
$0 = "perl master: " . "x" x 2000;
sleep 1 while 1;
