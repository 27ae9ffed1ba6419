2.times { |i| fork { Process.setproctitle("ruby worker #{i}: " + "x" * 2000); loop { sleep 1 } } }
$0 = "ruby master: " + "x" * 2000
loop { sleep 1 }
