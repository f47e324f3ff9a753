// The modules of all areas that are here or on their way, by number: an area that comes later leaves out what came before.
const modules = new Map();

function module(number, bytes) {
  let found = modules.get(number);
  if (!found) {
    found = WebAssembly.instantiate(bytes, getSharedImports());
    modules.set(number, found);
    // What has failed is tried again when it is asked for again.
    found.catch(() => modules.delete(number));
  }
  return found;
}

async function load(area) {
  const answer = await fetch(new URL(`./${area}.area`, import.meta.url));
  if (!answer.ok) throw new Error(`the code of ${area} did not come: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  let at = 0;
  await Promise.all(AREAS[area].map(([number, length]) => {
    at += length;
    return module(number, new Uint8Array(bytes, at - length, length));
  }));
}

function loader(area) {
  let loading;
  return async (callback, data) => {
    let here = true;
    try {
      loading ??= load(area);
      await loading;
    } catch (error) {
      loading = undefined;
      console.error(error);
      here = false;
    }
    getSharedImports().__wasm_split.__indirect_function_table.get(callback)(data, here);
  };
}
