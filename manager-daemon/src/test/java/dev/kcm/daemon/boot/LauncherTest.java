package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start script, with a stand-in for the program that only waits. */
class LauncherTest {

  private static final Path DIST = Path.of("src/dist");

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

  @Test
  void optionsOfTheUserComeLastAndTheirCollectorIsTheOnlyOne() throws Exception {
    install();
    Process process = start(Map.of("KCM_JAVA_OPTS", "-Xmx99m -XX:+UseParallelGC"), "--v=2");
    try {
      TestBed.await()
          .untilAsserted(
              () ->
                  assertThat(words(process))
                      .containsSubsequence("-Xms16m", "-Xmx99m", "-XX:+UseParallelGC", "-cp")
                      .doesNotContain("-XX:+UseSerialGC"));
    } finally {
      end(process);
    }
  }

  @Test
  void startsFromTheArchiveOfThisProgramUnlessOthersCouldHaveWrittenIt() throws Exception {
    install();
    Path folder = home.resolve("archive");
    assertThat(makeArchive()).isEmpty();
    Path archive = onlyFileIn(folder);

    assertThat(archiveOf(start(Map.of()))).contains(archive.toString());

    assertThat(folder.toFile().setWritable(true, false)).isTrue();
    Process suspicious = start(Map.of());
    assertThat(archiveOf(suspicious)).isEmpty();
    assertThat(new String(suspicious.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains(archive + " is not used");
  }

  @Test
  void looksForAnotherArchiveAfterAnUpgrade() throws Exception {
    install();
    assertThat(makeArchive()).isEmpty();
    Path former = onlyFileIn(home.resolve("archive"));
    Files.setLastModifiedTime(home.resolve("lib/program.jar"), FileTime.fromMillis(0));

    assertThat(archiveOf(start(Map.of()))).isEmpty();

    assertThat(makeArchive()).isEmpty();
    assertThat(archiveOf(start(Map.of()))).isPresent().get().isNotEqualTo(former.toString());
  }

  @Test
  void anArchiveThatIsBrokenOrOfOtherOptionsIsNoReasonToComplain() throws Exception {
    install();
    assertThat(makeArchive()).isEmpty();
    Process other = start(Map.of("KCM_JAVA_OPTS", "-XX:+UseParallelGC -Xmx200m"));
    assertThat(archiveOf(other)).isPresent();
    Path archive = onlyFileIn(home.resolve("archive"));
    assertThat(archive.toFile().setWritable(true)).isTrue();
    Files.writeString(archive, "no archive");
    Process broken = start(Map.of());
    assertThat(archiveOf(broken)).isPresent();

    for (Process process : List.of(other, broken)) {
      assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEmpty();
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEmpty();
      assertThat(process.exitValue()).isZero();
    }
  }

  /** Returns what the program that makes an archive says. */
  private String makeArchive() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("bin/kube-controller-manager-archive").toString())
            .redirectErrorStream(true);
    builder.environment().put("KCM_JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  private static Path onlyFileIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  /** The archive on the command line of a process, which then ends. */
  private static Optional<String> archiveOf(Process process) throws Exception {
    TestBed.await().until(() -> words(process).contains("dev.kcm.daemon.boot.Main"));
    Optional<String> archive =
        words(process).stream()
            .filter(word -> word.matches("-XX:(AOTCache|SharedArchiveFile)=.*"))
            .map(word -> word.substring(word.indexOf('=') + 1))
            .findFirst();
    end(process);
    return archive;
  }

  private static void end(Process process) throws Exception {
    process.getOutputStream().close();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
  }

  private Process start(String... args) throws IOException {
    return start(Map.of(), args);
  }

  private Process start(Map<String, String> environment, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/kube-controller-manager").toString());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("KCM_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static List<String> words(Process process) throws IOException {
    return List.of(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).split("\0", -1))
        .stream()
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private void install() throws IOException {
    for (String script : List.of("kube-controller-manager", "kube-controller-manager-archive")) {
      assertThat(copied("bin/" + script).toFile().setExecutable(true)).isTrue();
    }
    copied("libexec/jvm.sh");
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
        class Rehearsal {
          public static void main(String[] args) {}
        }
        """);
    Path classes = home.resolve("classes");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", classes.toString(), source.toString());
    assertThat(result).isZero();
    Path lib = Files.createDirectories(home.resolve("lib"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(lib.resolve("program.jar")))) {
      for (String name : List.of("Main", "Rehearsal")) {
        String entry = "dev/kcm/daemon/boot/" + name + ".class";
        jar.putNextEntry(new JarEntry(entry));
        jar.write(Files.readAllBytes(classes.resolve(entry)));
      }
    }
  }

  private Path copied(String name) throws IOException {
    Path target = home.resolve(name);
    Files.createDirectories(target.getParent());
    return Files.copy(DIST.resolve(name), target);
  }
}
