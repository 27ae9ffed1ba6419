<?php
cli_set_process_title("php worker: " . str_repeat("x", 2000));
while (true) sleep(1);
