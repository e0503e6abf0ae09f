// A form with one file as a request body: never whole in memory, and of a length that is known beforehand, which
// Node's own FormData does not tell.

/** A file to send. Its chunks are asked for anew where the request is repeated. */
export interface UploadFile {
  name: string;
  /** A media type. */
  type: string;
  /** In bytes: as many as the chunks hold. */
  size: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export interface Form {
  /** They come before the file: the service reads what comes after it as a part of the upload. */
  fields?: Record<string, string>;
  file: UploadFile;
}

/** A body that is sent piece by piece. */
export interface StreamedBody {
  contentType: string;
  /** In bytes. */
  length: number;
  chunks(): AsyncIterable<Uint8Array>;
  form: Form;
}

/** The form as `multipart/form-data` (RFC 7578), names escaped as browsers do. `id` stands in no file by chance. */
export function multipart(form: Form, id: string): StreamedBody {
  const boundary = `agents-${id}`;
  const { file, fields = {} } = form;
  const head = (name: string, more = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"${more}\r\n\r\n`;
  const before = Object.entries(fields).map(([name, value]) => `${head(name)}${value}\r\n`);
  const fileHead = head('file', `; filename="${escaped(file.name)}"\r\ncontent-type: ${file.type}`);
  const start = Buffer.from([...before, fileHead].join(''));
  const end = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: start.length + file.size + end.length,
    async *chunks() {
      yield start;
      yield* file.chunks();
      yield end;
    },
    form,
  };
}

const escaped = (name: string) => name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
