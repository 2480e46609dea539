package dev.kcm.core.api;

/**
 * How to apply.
 *
 * @param fieldManager name of the owner of the fields, 1 to 128 characters
 * @param force whether fields are taken over from other managers; else they are a conflict
 */
public record ApplyOptions(String fieldManager, boolean force) {

  private static final int LONGEST = 128;

  public ApplyOptions {
    if (fieldManager.isEmpty() || fieldManager.length() > LONGEST) {
      throw new IllegalArgumentException(
          "fieldManager is \"" + fieldManager + "\", allowed: 1 to " + LONGEST + " characters");
    }
  }
}
