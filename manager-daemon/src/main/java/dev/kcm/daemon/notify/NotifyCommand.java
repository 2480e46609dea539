package dev.kcm.daemon.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program {@code systemd-notify} as a child process: sockets of the JDK send streams, the
 * service manager wants datagrams.
 *
 * @param program name to look up on the PATH, or a path
 * @param longest time that one call may take
 */
record NotifyCommand(String program, Duration longest) implements Channel {

  static final NotifyCommand SYSTEMD = new NotifyCommand("systemd-notify", Duration.ofSeconds(5));

  @Override
  public void send(List<String> assignments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(program);
    words.addAll(assignments);
    Process child = new ProcessBuilder(words).redirectErrorStream(true).start();
    try {
      child.getOutputStream().close();
      // It says a line at most, which fits into the pipe: reading can wait.
      if (!child.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(program + " did not end within " + longest.toSeconds() + " s");
      }
      if (child.exitValue() != 0) {
        String said =
            new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        throw new IOException(program + " ended with " + child.exitValue() + ": " + said);
      }
    } finally {
      child.destroyForcibly();
    }
  }
}
