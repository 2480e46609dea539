package dev.kcm.daemon.boot;

import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.daemon.options.LeaderMigrationConfig;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which controllers run under which lease while they move from one program to another.
 *
 * @param isEnabled whether there is a second lease
 * @param leaderName name of the second lease
 * @param componentByController the program that runs a controller under the second lease, or a star
 *     for whichever holds it; the others stay under the main lease
 */
record LeaderMigration(
    boolean isEnabled, String leaderName, Map<String, String> componentByController) {

  /** As upstream has it without a file; it names controllers of cloud providers only. */
  static final LeaderMigration BUILT_IN =
      new LeaderMigration(
          true,
          "cloud-provider-extraction-migration",
          Map.of(
              "route-controller", Daemon.NAME,
              "service-controller", Daemon.NAME,
              "cloud-node-lifecycle-controller", Daemon.NAME));

  private static final LeaderMigration OFF = new LeaderMigration(false, "", Map.of());

  private static final String GROUP = "controllermanager.config.k8s.io/";
  private static final String ANY = "*";

  /** Who runs a controller. */
  enum Place {
    MAIN_LEASE,
    SECOND_LEASE,
    ELSEWHERE
  }

  LeaderMigration {
    componentByController = Map.copyOf(componentByController);
  }

  /**
   * Reads the file that the settings name.
   *
   * @param problems takes what is wrong with it; the result is of no use then
   */
  static LeaderMigration of(LeaderMigrationConfig config, boolean isElected, Problems problems) {
    if (!config.enabled() || !isElected) {
      return OFF;
    }
    return config.file().isEmpty()
        ? BUILT_IN
        : problems.attempt("--leader-migration-config", OFF, () -> read(Path.of(config.file())));
  }

  private static LeaderMigration read(Path file) throws IOException {
    Map<?, ?> document;
    try {
      document = new KubernetesSerialization().unmarshal(Files.readString(file), Map.class);
    } catch (RuntimeException e) {
      throw new IOException(file + " is not a YAML document", e);
    }
    List<String> wrong = new ArrayList<>();
    LeaderMigration migration = of(document == null ? Map.of() : document, wrong);
    if (!wrong.isEmpty()) {
      throw new IOException(file + ": " + String.join("; ", wrong));
    }
    return migration;
  }

  private static LeaderMigration of(Map<?, ?> document, List<String> wrong) {
    require(
        wrong,
        text(document, "apiVersion").startsWith(GROUP),
        "apiVersion must begin with " + GROUP);
    require(
        wrong,
        text(document, "kind").equals("LeaderMigrationConfiguration"),
        "kind must be LeaderMigrationConfiguration");
    String lock = text(document, "resourceLock");
    require(
        wrong,
        lock.isEmpty() || lock.equals("leases"),
        "resourceLock is \"" + lock + "\", allowed: leases");
    String name = text(document, "leaderName");
    require(wrong, !name.isEmpty(), "leaderName is missing");
    Map<String, String> components = new HashMap<>();
    Object leaders = document.get("controllerLeaders");
    require(wrong, leaders == null || leaders instanceof List, "controllerLeaders must be a list");
    if (leaders instanceof List<?> list) {
      for (Object leader : list) {
        Map<?, ?> entry = leader instanceof Map<?, ?> map ? map : Map.of();
        String component = text(entry, "component");
        require(
            wrong,
            !text(entry, "name").isEmpty() && !component.isEmpty(),
            "each of controllerLeaders needs a name and a component");
        components.put(text(entry, "name"), component);
      }
    }
    return new LeaderMigration(true, name, components);
  }

  private static void require(List<String> wrong, boolean holds, String otherwise) {
    if (!holds) {
      wrong.add(otherwise);
    }
  }

  private static String text(Map<?, ?> document, String field) {
    Object value = document.get(field);
    return value == null ? "" : value.toString();
  }

  /** Where a controller runs. */
  Place placeOf(String controller) {
    String component = componentByController.get(controller);
    if (component == null) {
      return Place.MAIN_LEASE;
    }
    return component.equals(ANY) || component.equals(Daemon.NAME)
        ? Place.SECOND_LEASE
        : Place.ELSEWHERE;
  }

  /** Those of the controllers that run in a place. */
  List<ControllerSpec> in(Place place, List<ControllerSpec> controllers) {
    return controllers.stream().filter(spec -> placeOf(spec.name()) == place).toList();
  }
}
