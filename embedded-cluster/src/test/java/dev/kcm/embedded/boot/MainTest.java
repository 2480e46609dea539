package dev.kcm.embedded.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.embedded.access.AuthorizationMode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CountDownLatch stopped = new CountDownLatch(1);

  @TempDir private Path directory;

  @Test
  void takesOptionsInBothForms() {
    Options options =
        Options.parse(
                List.of(
                    "--port=0",
                    "--nodes",
                    "7",
                    "--bind-address",
                    "::1",
                    "--authorization-mode=RBAC"))
            .options()
            .orElseThrow();

    assertThat(options)
        .isEqualTo(
            new Options(
                "::1", 0, 7, Path.of("sandbox-data"), false, AuthorizationMode.RBAC, false));
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    int code = run("--port", "70000", "--nodes=many", "--color", "--data-dir=", "--bind-address");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines())
        .containsExactly(
            "error: \"--color\" is not an option; allowed are --bind-address, --port, --nodes,"
                + " --data-dir, --authorization-mode, --help",
            "error: --bind-address needs a value",
            "error: --port \"70000\": must be a number from 0 to 65535",
            "error: --nodes \"many\": must be a number from 0 to 1000",
            "error: --data-dir \"\": must not be empty",
            "See --help.");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void showsHelpWithoutStartingAnything() {
    assertThat(run("--help")).isZero();
    assertThat(stopped.getCount()).isZero();
    assertThat(out.toString(UTF_8)).contains("--bind-address", "--port", "--nodes", "--data-dir");
  }

  @Test
  void namesAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      assertThat(run("--port", port, "--nodes", "0", "--data-dir", directory.toString()))
          .isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .startsWith("error: --bind-address \"127.0.0.1\" --port \"" + port + "\": cannot listen")
          .contains("in use")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void namesADataDirectoryItCannotUse() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(run("--port", "0", "--data-dir", file.toString())).isEqualTo(1);
    assertThat(err.toString(UTF_8).strip())
        .isEqualTo("error: --data-dir \"%s\": %s is not a directory".formatted(file, file));
  }

  @Test
  @Timeout(60)
  void saysWhereItListensAndEndsWellBySignal() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--port=0",
                "--nodes=1",
                "--data-dir=" + directory)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(lines.readLine()).matches("API server ready on https://127\\.0\\.0\\.1:[0-9]+");
      // Process.destroy would close the stream that is read below.
      assertThat(process.toHandle().destroy()).isTrue();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(lines.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
  }

  private int run(String... arguments) {
    return Main.run(
        List.of(arguments),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        stopped);
  }
}
