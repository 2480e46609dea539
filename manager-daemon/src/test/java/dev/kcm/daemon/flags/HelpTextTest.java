package dev.kcm.daemon.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HelpTextTest {

  private static final FlagTable TABLE =
      FlagTable.of(
          List.of(
              FlagGroup.of(
                  "secure serving",
                  Flag.int32("secure-port", 10257, "Port of the HTTPS server."),
                  Flag.bool("profiling", true, "Serve profiles under /debug/pprof/."),
                  Flag.string("cert-dir", "", "Directory with the certificate.")),
              FlagGroup.of(
                  "logs",
                  Flag.of("v", FlagTypes.LEVEL, 0, "How much to log.").shorthand('v'),
                  Flag.string("format", "text", "Either text or json.\nSecond line."),
                  Flag.of("version", FlagTypes.STRING.alone("true"), "", "Print the version."),
                  Flag.bool("gone", false, "x").ignoredSince("1.1", "y"),
                  Flag.bool("old", false, "x").deprecated("y"))));

  @Test
  void listsGroupsInOrderWithSortedFlags() {
    assertThat(HelpText.of(TABLE, 80))
        .isEqualTo(
            """

            Secure serving flags:

                  --cert-dir string
                            Directory with the certificate.
                  --profiling
                            Serve profiles under /debug/pprof/. (default true)
                  --secure-port int32
                            Port of the HTTPS server. (default 10257)

            Logs flags:

                  --format string
                            Either text or json.
                            Second line. (default "text")
              -v, --v Level
                            How much to log.
                  --version string[=true]
                            Print the version.
            """);
  }

  @Test
  void wrapsAtTheWidthOfTheTerminal() {
    assertThat(HelpText.of(TABLE, 42).lines()).allMatch(line -> line.length() <= 42);
    assertThat(HelpText.of(TABLE, 42))
        .contains(
            "                Serve profiles under\n                /debug/pprof/. (default\n");
  }

  @Test
  void doesNotWrapWithoutAWidth() {
    assertThat(HelpText.of(TABLE, 0))
        .contains("Serve profiles under /debug/pprof/. (default true)");
  }
}
