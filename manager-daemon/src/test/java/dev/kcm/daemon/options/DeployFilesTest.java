package dev.kcm.daemon.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shipped beside the program for those who run it. */
class DeployFilesTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path DIST = Path.of("src/dist");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/static-pod.yaml", "kubernetes/deployment.yaml"})
  void startsFromTheManifestWithoutAWarning(String manifest) throws IOException {
    JsonNode first = documents(manifest).get(0);
    JsonNode pod =
        first.path("kind").asText().equals("Pod")
            ? first.path("spec")
            : first.path("spec").path("template").path("spec");
    List<String> command = new ArrayList<>();
    pod.path("containers").get(0).path("command").forEach(word -> command.add(word.asText()));
    assertThat(command.remove(0)).isEqualTo("kube-controller-manager");
    List<String> args =
        command.stream()
            .map(word -> word.replace("=/etc/kubernetes/", "=" + directory + "/"))
            .toList();
    TestFiles.createFiles(args, directory);

    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(args);

    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    assertThat(((CommandLine.Parsed) result).warnings()).isEmpty();
  }

  @Test
  void startsFromThePlainUnitWithoutAWarning() throws IOException {
    String unit =
        Files.readString(DIST.resolve("systemd/kube-controller-manager-plain.service"))
            .replace("\\\n", " ");
    List<String> args =
        new ArrayList<>(List.of(settings(unit).get("ExecStart").get(0).trim().split("\\s+", -1)));
    assertThat(args.remove(0))
        .isEqualTo("/opt/kube-controller-manager/bin/kube-controller-manager");
    args.replaceAll(word -> word.replace("=/etc/kubernetes/", "=" + directory + "/"));
    TestFiles.createFiles(args, directory);

    CommandLine.Result result = CommandLine.of(ProductVersion.current(), 80).parse(args);

    assertThat(result).isInstanceOf(CommandLine.Parsed.class);
    assertThat(((CommandLine.Parsed) result).warnings()).isEmpty();
  }

  /** What the unit with few rights has to keep. */
  private static final Map<String, String> HARDENED =
      Map.ofEntries(
          Map.entry("Type", "notify"),
          Map.entry("NotifyAccess", "all"),
          Map.entry("WatchdogSec", "60"),
          Map.entry("Restart", "on-failure"),
          Map.entry("SuccessExitStatus", "143"),
          Map.entry("LimitNOFILE", "65536"),
          Map.entry("NoNewPrivileges", "true"),
          Map.entry("CapabilityBoundingSet", ""),
          Map.entry("ProtectSystem", "strict"),
          Map.entry("ProtectHome", "true"),
          Map.entry("PrivateTmp", "true"),
          Map.entry("PrivateDevices", "true"),
          Map.entry("ProtectKernelTunables", "true"),
          Map.entry("ProtectKernelModules", "true"),
          Map.entry("ProtectKernelLogs", "true"),
          Map.entry("ProtectControlGroups", "true"),
          Map.entry("ProtectClock", "true"),
          Map.entry("ProtectHostname", "true"),
          Map.entry("RestrictNamespaces", "true"),
          Map.entry("RestrictRealtime", "true"),
          Map.entry("RestrictSUIDSGID", "true"),
          Map.entry("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
          Map.entry("LockPersonality", "true"),
          Map.entry("SystemCallArchitectures", "native"),
          Map.entry("SystemCallFilter", "@system-service"),
          Map.entry("UMask", "0077"));

  @Test
  void unitHasFewRightsAndIsWatched() throws IOException {
    Map<String, List<String>> settings =
        settings(Files.readString(DIST.resolve("systemd/kube-controller-manager.service")));

    HARDENED.forEach((name, value) -> assertThat(settings).containsEntry(name, List.of(value)));
    assertThat(settings.get("User")).isNotEqualTo(List.of("root"));
    assertThat(settings)
        .as("the just-in-time compiler needs it")
        .doesNotContainKey("MemoryDenyWriteExecute");
    assertThat(Integer.parseInt(settings.get("TimeoutStopSec").get(0)))
        .as("longer than an orderly stop")
        .isGreaterThan(16);
  }

  @Test
  void unitOfTheArchiveHasTheSameRightsAndOnlyTheLoopbackAddress() throws IOException {
    Map<String, List<String>> settings =
        settings(Files.readString(DIST.resolve("systemd/kube-controller-manager-archive.service")));
    Map<String, String> rights = new HashMap<>(HARDENED);
    rights
        .keySet()
        .removeAll(
            List.of(
                "Type",
                "NotifyAccess",
                "WatchdogSec",
                "Restart",
                "SuccessExitStatus",
                "LimitNOFILE"));

    rights.forEach((name, value) -> assertThat(settings).containsEntry(name, List.of(value)));
    assertThat(settings)
        .containsEntry("IPAddressDeny", List.of("any"))
        .containsEntry("IPAddressAllow", List.of("localhost"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kube-controller-manager.service",
        "kube-controller-manager-plain.service",
        "kube-controller-manager-archive.service"
      })
  void systemdUnderstandsTheUnit(String name) throws Exception {
    assumeTrue(
        Stream.of("/usr/bin/systemd-analyze", "/bin/systemd-analyze")
            .anyMatch(file -> Files.isExecutable(Path.of(file))),
        "there is no systemd-analyze on this machine");
    for (String program : List.of("kube-controller-manager", "kube-controller-manager-archive")) {
      Path file = Files.writeString(directory.resolve(program), "#!/bin/sh\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Path environment = Files.createFile(directory.resolve("environment"));
    Path unit =
        Files.writeString(
            directory.resolve(name),
            Files.readString(DIST.resolve("systemd").resolve(name))
                .replace("/opt/kube-controller-manager/bin", directory.toString())
                .replace("/etc/kubernetes/kube-controller-manager.env", environment.toString()));

    Process verify =
        new ProcessBuilder("systemd-analyze", "verify", "--man=no", unit.toString())
            .redirectErrorStream(true)
            .start();

    String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said.lines().filter(line -> line.contains("kube-controller-manager"))).isEmpty();
    assertThat(verify.waitFor()).as(said).isZero();
  }

  private static Map<String, List<String>> settings(String unit) {
    return unit.lines()
        .filter(line -> !line.startsWith("#") && line.contains("="))
        .collect(
            Collectors.groupingBy(
                line -> line.substring(0, line.indexOf('=')),
                Collectors.mapping(
                    line -> line.substring(line.indexOf('=') + 1), Collectors.toList())));
  }

  @Test
  void everyAlertHasARunbook() throws IOException {
    String operations = Files.readString(Path.of("../docs/operations.md"));
    List<String> headings =
        operations
            .lines()
            .filter(line -> line.startsWith("### Kube"))
            .map(line -> line.substring(4))
            .toList();
    List<String> alerts = new ArrayList<>();
    for (JsonNode rule : documents("prometheus/rules.yaml").get(0).findValues("rules").get(0)) {
      String name = rule.path("alert").asText();
      alerts.add(name);
      assertThat(rule.path("labels").path("severity").asText())
          .as(name)
          .isIn("critical", "warning");
      assertThat(rule.path("annotations").path("summary").asText()).as(name).endsWith(".");
      assertThat(rule.path("annotations").path("runbook_url").asText())
          .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
    }

    assertThat(alerts).isNotEmpty().doesNotHaveDuplicates();
    assertThat(headings).containsExactlyElementsOf(alerts);
  }

  @Test
  void everyFileCanBeRead() throws IOException {
    try (Stream<Path> files = Files.walk(DIST)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        assertThat(documents(DIST.relativize(file).toString()))
            .as(file.toString())
            .isNotEmpty()
            .allMatch(JsonNode::isObject);
      }
    }
    JsonNode dashboard =
        new ObjectMapper().readTree(DIST.resolve("grafana/kube-controller-manager.json").toFile());
    assertThat(dashboard.path("panels").findValuesAsText("id"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  private static List<JsonNode> documents(String file) throws IOException {
    try (MappingIterator<JsonNode> all =
        YAML.readerFor(JsonNode.class).readValues(DIST.resolve(file).toFile())) {
      return all.readAll();
    }
  }
}
