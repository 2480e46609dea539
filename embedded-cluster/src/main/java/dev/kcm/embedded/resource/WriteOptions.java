package dev.kcm.embedded.resource;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.kcm.embedded.resource.Decoder.FieldValidation;
import java.util.List;

/**
 * The query parameters of a write.
 *
 * @param dryRun decide and answer, but store nothing
 * @param fieldManager who writes, empty when not said
 * @param force take over fields of other managers (server-side apply)
 * @param validation what to do with unknown fields
 */
record WriteOptions(
    boolean dryRun, String fieldManager, boolean force, FieldValidation validation) {

  /** Options of writes that the server makes itself. */
  static final WriteOptions NONE = new WriteOptions(false, "", false, FieldValidation.IGNORE);

  private static final int LONGEST_MANAGER = 128;

  /**
   * Reads and checks the parameters.
   *
   * @param optionsKind the kind that errors name, for example {@code CreateOptions}
   */
  static WriteOptions of(ApiRequest request, String optionsKind) {
    FieldErrors errors = new FieldErrors();
    List<String> dryRun = request.query().getOrDefault("dryRun", List.of());
    checkDryRun(dryRun, errors);
    String manager = request.parameter("fieldManager");
    if (manager.length() > LONGEST_MANAGER) {
      errors.tooLong("fieldManager", LONGEST_MANAGER);
    }
    if (!manager.codePoints().allMatch(WriteOptions::isPrintable)) {
      errors.invalid("fieldManager", manager, "should only contain printable characters");
    }
    String validation = request.parameter("fieldValidation");
    if (!List.of("", "Ignore", "Warn", "Strict").contains(validation)) {
      errors.notSupported(
          "fieldValidation", TextNode.valueOf(validation), List.of("", "Ignore", "Strict", "Warn"));
    }
    refuse(errors, optionsKind);
    return new WriteOptions(
        !dryRun.isEmpty(),
        manager,
        request.parameter("force").equals("true"),
        validationOf(validation));
  }

  private static boolean isPrintable(int symbol) {
    int type = Character.getType(symbol);
    return symbol == ' '
        || !(type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SPACE_SEPARATOR
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SURROGATE
            || type == Character.PRIVATE_USE
            || type == Character.UNASSIGNED);
  }

  static void checkDryRun(List<String> values, FieldErrors errors) {
    if (values.stream().anyMatch(value -> !value.equals("All"))) {
      errors.notSupported("dryRun", Trees.arrayOf(values), List.of("All"));
    }
  }

  static void refuse(FieldErrors errors, String optionsKind) {
    if (!errors.isEmpty()) {
      throw Statuses.invalid("meta.k8s.io", optionsKind, "", errors);
    }
  }

  private static FieldValidation validationOf(String text) {
    return switch (text) {
      case "Ignore" -> FieldValidation.IGNORE;
      case "Strict" -> FieldValidation.STRICT;
      default -> FieldValidation.WARN;
    };
  }
}
