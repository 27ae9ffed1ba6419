sub { system("/zoo/call-curl", "once"); [200, ["Content-Type" => "text/plain"], ["ok\n"]] };
