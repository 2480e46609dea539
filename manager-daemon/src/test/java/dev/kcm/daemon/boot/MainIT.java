package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: exit codes, what it says at its end, and what systemd is told. */
class MainIT {

  @TempDir Path directory;

  private Path out;

  private Process start(Map<String, String> variables, String... args) throws IOException {
    out = directory.resolve("out");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xshare:auto");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().putAll(variables);
    return builder.start();
  }

  private String end(int code, Process process) throws Exception {
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(out);
      assertThat(process.exitValue()).as(said).isEqualTo(code);
      assertThat(said).as("no stack traces at users").doesNotContain("\tat ");
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @DisplayName("1.5 help and version end with 0, a wrong flag with 1")
  void endsAtOnce() throws Exception {
    assertThat(end(0, start(Map.of(), "--version"))).startsWith("Kubernetes v1.34.");
    assertThat(end(0, start(Map.of(), "--help"))).contains("Leader", "--kubeconfig");
    assertThat(end(1, start(Map.of(), "--no-such-flag"))).contains("unknown flag: --no-such-flag");
  }

  @Test
  @DisplayName("1.5, 6 a file that cannot be used ends the start with 1 and one line")
  void endsWhenAFileIsWrong() throws Exception {
    Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), "no kubeconfig\n");
    String said =
        end(
            1,
            start(
                Map.of(),
                "--kubeconfig=" + kubeconfig,
                "--secure-port=" + TestBed.freePort(),
                "--bind-address=127.0.0.1",
                "--v=1"));
    assertThat(said)
        .containsPattern("(?m)^E\\d{4} [^\\]]*] \"command failed\" err=\".*kubeconfig.*\"$");
    List<String> flags =
        said.lines()
            .filter(line -> line.contains("] FLAG: --"))
            .map(line -> line.substring(line.indexOf("--")))
            .toList();
    assertThat(flags)
        .contains("--kubeconfig=\"" + kubeconfig + "\"", "--v=\"1\"")
        .isSortedAccordingTo(Comparator.comparing(flag -> flag.substring(0, flag.indexOf('='))));
  }

  @Test
  @DisplayName("1.5 SIGTERM ends with 0 although nobody answers; systemd hears of start and stop")
  void endsBySignalAndTellsSystemd() throws Exception {
    Path heard = directory.resolve("heard");
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Path command = bin.resolve("systemd-notify");
    Files.writeString(command, "#!/bin/sh\nprintf '%s\\n' \"$@\" >>" + heard + "\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
    try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      Process process =
          start(
              Map.of(
                  "NOTIFY_SOCKET",
                  directory.resolve("socket").toString(),
                  "WATCHDOG_USEC",
                  "200000",
                  "PATH",
                  bin + ":" + System.getenv("PATH")),
              "--master=https://127.0.0.1:" + silent.getLocalPort(),
              "--secure-port=" + TestBed.freePort(),
              "--bind-address=127.0.0.1");
      TestBed.await()
          .untilAsserted(
              () -> {
                assertThat(Files.readString(out)).contains("attempting to acquire leader lease");
                assertThat(heard).content().contains("WATCHDOG=1\nWATCHDOG=1\n");
              });
      process.destroy();
      assertThat(end(0, process)).contains("Received a signal to stop");
    }
    assertThat(Files.readString(heard).replaceAll("(WATCHDOG=1\n)+", "WATCHDOG=1\n"))
        .isEqualTo(
            """
            STATUS=starting
            STATUS=standby: waits for the lease kube-system/kube-controller-manager
            READY=1
            WATCHDOG=1
            STOPPING=1
            STATUS=stopping
            """);
  }
}
