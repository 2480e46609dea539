package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.kcm.daemon.flags.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandLineFuzzTest {

  private static final CommandLine COMMAND_LINE = CommandLine.of(ProductVersion.current(), 80);
  private static final List<Flag<?>> FLAGS = COMMAND_LINE.table().flags();

  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "2147483647",
          "true",
          "json",
          "1h",
          "-1s",
          "0.5",
          "a=b",
          "a,b=c,d",
          "10.0.0.0/8",
          "10.0.0.0/8,fd00::/48",
          "/",
          "/no/such/file",
          "*,-job",
          "kube:AllAlpha=true",
          "AllBeta=false",
          "1.31",
          "x=y:z",
          "\u0000",
          "\"",
          "\"a,b\"",
          "a,b:c",
          "9223372036s",
          "1Ki");

  @Test
  void answersEveryCommandLineWithoutThrowing() {
    for (long seed = 1; seed <= 600; seed++) {
      List<String> args = commandLine(new Random(seed));
      assertThatCode(() -> assertThat(COMMAND_LINE.parse(args)).isNotNull())
          .as("seed %d: %s", seed, args)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void aCommandLineOfEffectiveValuesMeansTheSame() {
    CommandLine.Parsed first = (CommandLine.Parsed) COMMAND_LINE.parse(List.of("-v=3"));
    List<String> args = new ArrayList<>();
    first
        .options()
        .flags()
        .printed()
        .forEach((name, value) -> args.add("--" + name + "=" + value.replaceAll("^\\[|]$", "")));
    args.removeIf(arg -> arg.equals("--tls-sni-cert-key=") || arg.equals("--allow-metric-labels="));
    CommandLine.Parsed second = (CommandLine.Parsed) COMMAND_LINE.parse(args);
    assertThat(second.options().settings()).isEqualTo(first.options().settings());
    assertThat(second.options().serving()).isEqualTo(first.options().serving());
    assertThat(second.options().logs()).isEqualTo(first.options().logs());
    assertThat(second.options().flags().printed()).isEqualTo(first.options().flags().printed());
  }

  private static List<String> commandLine(Random random) {
    List<String> args = new ArrayList<>();
    for (int i = random.nextInt(8); i >= 0; i--) {
      String name = FLAGS.get(random.nextInt(FLAGS.size())).name();
      String value = VALUES.get(random.nextInt(VALUES.size()));
      args.add(random.nextInt(10) == 0 ? value : "--" + name + "=" + value);
    }
    return args;
  }
}
