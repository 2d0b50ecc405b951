/** Takes away what `focusVisibleBegin` put in place. */
Reflect.deleteProperty(document.head, "appendChild");
Reflect.deleteProperty(document.head, "removeChild");

export {};
