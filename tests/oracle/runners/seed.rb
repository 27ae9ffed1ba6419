# As seed.py, for Ruby; a folder is one that Debian packages were unpacked into.
require 'json'
require 'tempfile'

ARGV.each do |name|
  next require(name) unless name.include?('/')
  $LOAD_PATH.unshift(*Dir["#{name}/usr/share/rubygems-integration/all/gems/*/lib"], "#{name}/usr/lib/ruby/vendor_ruby")
end
$stdin.each_line do |line|
  ask = JSON.parse(line)
  out, err = Tempfile.new, Tempfile.new
  pid = fork do
    $stdout.reopen(out)
    $stderr.reopen(err)
    $stdin.reopen(File::NULL)
    Dir.chdir(ask['folder'])
    ENV.replace(ask['env'])
    Thread.new { sleep(ask['seconds']); Process.kill(:ALRM, Process.pid) }
    trap(:ALRM, 'SYSTEM_DEFAULT')
    load(ask['command'][1])
  end
  status = Process.wait2(pid)[1]
  puts JSON.generate(status: status.exitstatus || -status.termsig, out: File.read(out.path), err: File.read(err.path))
  $stdout.flush
  [out, err].each(&:close!)
end
