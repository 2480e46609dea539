package dev.kcm.controllers.shared.cel;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Compiled expressions by their text. The language is loaded when the first is asked for.
 *
 * <p>Thread-safe: a concurrent map, and a field that is written under its lock.
 */
public final class DeviceExpressions {

  /** More texts than a cluster has rules and classes; beyond it the compiling begins anew. */
  private static final int MOST = 500;

  private final boolean consumableCapacity;
  private final Map<String, DeviceExpression> byText = new ConcurrentHashMap<>();
  private final Object lock = new Object();

  /** Published once by {@link #language}. */
  private volatile @Nullable DeviceLanguage language;

  private DeviceExpressions(boolean consumableCapacity) {
    this.consumableCapacity = consumableCapacity;
  }

  /**
   * None yet.
   *
   * @param consumableCapacity whether {@code device.allowMultipleAllocations} is known
   */
  public static DeviceExpressions create(boolean consumableCapacity) {
    return new DeviceExpressions(consumableCapacity);
  }

  /**
   * The expression of a text. A text that is none gives one that says so whenever it is asked.
   *
   * @param text CEL
   */
  public DeviceExpression of(String text) {
    DeviceExpression known = byText.get(text);
    if (known != null) {
      return known;
    }
    if (byText.size() >= MOST) {
      byText.clear();
    }
    DeviceExpression made = language().compile(text);
    byText.put(text, made);
    return made;
  }

  private DeviceLanguage language() {
    DeviceLanguage present = language;
    if (present != null) {
      return present;
    }
    synchronized (lock) {
      DeviceLanguage made = language;
      if (made == null) {
        made = DeviceLanguage.create(consumableCapacity);
        language = made;
      }
      return made;
    }
  }
}
