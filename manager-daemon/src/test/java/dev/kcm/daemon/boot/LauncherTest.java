package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script, with a stand-in for the program that only waits. */
class LauncherTest {

  private static final Path SCRIPT = Path.of("src/dist/bin/kube-controller-manager");

  @TempDir Path home;

  @Test
  @DisplayName("C7 the process is called kube-controller-manager, as netstat and ps show it")
  void startsUnderTheNameOfTheProgram() throws Exception {
    install();
    Process process = start("--v=2", "--controllers=*,-ttl");
    try {
      TestBed.await()
          .untilAsserted(
              () ->
                  assertThat(words(process))
                      .startsWith("kube-controller-manager")
                      .endsWith("dev.kcm.daemon.boot.Main", "--v=2", "--controllers=*,-ttl"));
    } finally {
      process.getOutputStream().close();
      assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void saysWhichJavaIsMissing() throws Exception {
    install();
    ProcessBuilder broken =
        new ProcessBuilder(home.resolve("bin/kube-controller-manager").toString())
            .redirectErrorStream(true);
    broken.environment().put("KCM_JAVA_HOME", home.resolve("nowhere").toString());
    Process failed = broken.start();
    assertThat(new String(failed.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("there is no Java at " + home.resolve("nowhere/bin/java"));
    assertThat(failed.waitFor()).isEqualTo(1);
  }

  private Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/kube-controller-manager").toString());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KCM_JAVA_HOME", System.getProperty("java.home"));
    return builder.start();
  }

  private static List<String> words(Process process) throws IOException {
    return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).split("\0", -1))
        .stream()
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private void install() throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path script = Files.copy(SCRIPT, bin.resolve("kube-controller-manager"));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Path source = home.resolve("Main.java");
    Files.writeString(
        source,
        """
        package dev.kcm.daemon.boot;
        public class Main {
          public static void main(String[] args) throws Exception {
            System.in.read();
          }
        }
        """);
    Path classes = home.resolve("classes");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(result).isZero();
    String entry = "dev/kcm/daemon/boot/Main.class";
    Path lib = Files.createDirectories(home.resolve("lib"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(lib.resolve("program.jar")))) {
      jar.putNextEntry(new JarEntry(entry));
      jar.write(Files.readAllBytes(classes.resolve(entry)));
    }
  }
}
