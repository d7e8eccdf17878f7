# Mounts, in the sandbox parent's namespace, what a line on fd 3 asks for: one system call each where mount(8) would be
# a process each. A request is operations joined by ";", an operation is words joined by " " with \0ooo for odd bytes;
# the answer is "ok", or "error <operation> <text>" after which the rest of the line was not done.
use strict;
use warnings;

my ($arch) = @ARGV;
my %numbers = (x64 => [165, 166, 137], arm64 => [40, 39, 43]);
my ($mount_nr, $umount_nr, $statfs_nr) = @{ $numbers{$arch} or die "no system call numbers for $arch\n" };

use constant { RDONLY => 1, NOSUID => 2, NODEV => 4, NOEXEC => 8, REMOUNT => 32, NOATIME => 1024, NODIRATIME => 2048,
  BIND => 4096, REC => 16384, SHARED => 1 << 20, RELATIME => 1 << 21, DETACH => 2 };

sub mount {
  my ($source, $target, $type, $flags, $data) = @_;
  return syscall($mount_nr, $source, $target, $type, $flags, $data) == 0;
}

# What a mount from outside a user namespace has may not be taken off again, so it is repeated when remounting.
sub kept_flags {
  my ($path) = @_;
  my $buffer = "\0" x 256;
  return 0 if syscall($statfs_nr, $path, $buffer) != 0;
  my $have = unpack('x80 q', $buffer);
  my $flags = $have & (RDONLY | NOSUID | NODEV | NOEXEC | NOATIME | NODIRATIME);
  $flags |= RELATIME if $have & 4096;
  return $flags;
}

my %operations = (
  mkdir => sub { my ($mode, $path) = @_; return mkdir($path, oct $mode) && chmod(oct $mode, $path) },
  rmdir => sub { return rmdir $_[0] },
  tmpfs => sub { my ($path, $options) = @_; return mount('tmpfs', $path, 'tmpfs', NOSUID | NODEV, $options) },
  share => sub {
    my ($path, $options) = @_;
    return mount('tmpfs', $path, 'tmpfs', NOSUID | NODEV, $options) && mount(0, $path, 0, SHARED, 0);
  },
  resize => sub { my ($path, $options) = @_; return mount('tmpfs', $path, 'tmpfs', REMOUNT | NOSUID | NODEV, $options) },
  bind => sub { my ($source, $target) = @_; return mount($source, $target, 0, BIND | REC, 0) },
  stage => sub {
    my ($source, $target) = @_;
    return mount($source, $target, 0, BIND | REC, 0)
      && mount(0, $target, 0, REMOUNT | BIND | RDONLY | NOSUID | NODEV | kept_flags($target), 0);
  },
  lend => sub {
    my ($source, $target) = @_;
    return mount($source, $target, 0, BIND, 0)
      && mount(0, $target, 0, REMOUNT | BIND | NOSUID | NODEV | kept_flags($target), 0);
  },
  umount => sub { my ($path) = @_; return syscall($umount_nr, $path, DETACH) == 0 },
);

open(my $requests, '<&=', 3) or die "fd 3: $!\n";
open(my $answers, '>&', 3) or die "fd 3: $!\n";
$answers->autoflush(1);
umask 0;
while (my $line = <$requests>) {
  chomp $line;
  my $answer = 'ok';
  for my $operation (split /;/, $line) {
    my ($name, @words) = map { s/\\0([0-7]{3})/chr oct $1/ger } split / /, $operation;
    next if $operations{$name} && $operations{$name}->(@words);
    my $reason = "$!";
    $answer = "error $operation $reason";
    last;
  }
  print $answers "$answer\n";
}
