# The program `launchctl` of the tests: perl launchctl.pl SOCKET ARGS... asks the stand-in for launchd that listens there.
# In Perl, because it is started many times a second and Node would take ten times as long to begin.
use strict;
use warnings;
use Socket;

my $path = shift @ARGV;
socket(my $launchd, AF_UNIX, SOCK_STREAM, 0) or die "socket: $!";
connect($launchd, pack_sockaddr_un($path)) or die "connect: $!";
syswrite($launchd, join("\0", @ARGV));
shutdown($launchd, 1);
my $answer = '';
1 while sysread($launchd, $answer, 65536, length $answer);
my ($code, $stdout, $stderr) = split(/\0/, $answer, -1);
print STDOUT $stdout;
print STDERR $stderr;
exit $code;
