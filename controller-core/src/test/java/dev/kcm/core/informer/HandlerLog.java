package dev.kcm.core.informer;

import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes down what a handler is told and folds it into a view, checking the rules of adding. */
class HandlerLog implements EventHandler<ConfigMap> {

  final List<String> lines = new ArrayList<>();
  final Map<ObjectKey, ConfigMap> view = new TreeMap<>();
  final List<String> broken = new ArrayList<>();

  @Override
  public void onAdd(ConfigMap object, boolean initial) {
    lines.add("add " + text(object) + (initial ? " initial" : ""));
    if (view.put(ObjectKey.of(object), object) != null) {
      broken.add("added twice: " + text(object));
    }
  }

  @Override
  public void onUpdate(ConfigMap old, ConfigMap current) {
    lines.add(
        old.equals(current)
            ? "resync " + text(current)
            : "update " + text(old) + " " + text(current));
    if (view.put(ObjectKey.of(current), current) == null) {
      broken.add("updated before added: " + text(current));
    }
  }

  @Override
  public void onDelete(ObjectKey key, ConfigMap last, boolean finalStateUnknown) {
    lines.add(
        "delete "
            + (last == null ? key.name() : text(last))
            + (finalStateUnknown ? " unknown" : ""));
    if (view.remove(key) == null) {
      broken.add("deleted before added: " + key);
    }
  }

  private static String text(ConfigMap object) {
    return object.getMetadata().getName() + "=" + object.getData().get("v");
  }

  /** The lines since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  /** The lines that are no resync since the last call. */
  List<String> changes() {
    return take().stream().filter(line -> !line.startsWith("resync")).toList();
  }
}
