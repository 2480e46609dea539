package dev.kcm.daemon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run of which a class-data archive is made, in a JVM of its own, since it ends it. */
class RehearsalIT {

  @TempDir Path folder;

  @Test
  void leadsCreatesAPodIsScrapedAndStopsWithoutAnyCluster() throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                Rehearsal.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    assertThat(Files.readString(log))
        .contains("successfully acquired lease", "Started replicationcontroller-controller")
        .contains("Stopped: controllers")
        .doesNotContain("panic", "Exception");
  }
}
