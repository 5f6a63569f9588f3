import type { Keyed } from './keyed.ts';

/** A USB device by maker, product and serial. `device` columns hold the device as JSON, as it last said of itself. */
export interface UsbDeviceTable extends Keyed {
  key_id: string;
  key: string;
  device: string;
  search_text: string;
  first_seen_at: string;
  last_seen_at: string;
  last_device_id: string;
  last_account_name: string | null;
}

/** One insertion. `device_id` is the machine's. */
export interface UsbPlugTable extends Keyed {
  device_id: string;
  plug: string;
  key_id: string;
  device: string;
  account_name: string | null;
  inserted_at: string;
  removed_at: string | null;
  action: string;
  state: string;
  decided_by: string;
  usable_for_ms: number | null;
}

export interface UsbRequestTable extends Keyed {
  request_id: string;
  device_id: string;
  key_id: string;
  device: string;
  account_name: string;
  reason: string;
  asked_at: string;
  state: string;
  answered_at: string | null;
  answered_by: string | null;
  note: string;
  until: string | null;
}

export interface UsbGrantTable extends Keyed {
  grant_id: string;
  vendor_id: string;
  product_id: string;
  serial: string | null;
  device_name: string;
  key_id: string | null;
  account_name: string | null;
  machine_group: string | null;
  /** The machine it is for; null for every one. */
  device_id: string | null;
  created_at: string;
  created_by: string;
  reason: string;
  until: string;
  revoked_at: string | null;
  revoked_by: string | null;
  request_id: string | null;
}

/** What was last signed for each machine. */
export interface UsbPermitTable extends Keyed {
  device_id: string;
  code_key: string;
  digest: string;
  issued_at: string;
}

/** Codes that were made to be read out; never the code itself. */
export interface UsbCodeTable extends Keyed {
  device_id: string;
  device_code: string;
  minutes: number;
  reason: string;
  created_at: string;
  created_by: string;
}

/** USB devices, requests and permissions. */
export interface UsbTables {
  usb_devices: UsbDeviceTable;
  usb_plugs: UsbPlugTable;
  usb_requests: UsbRequestTable;
  usb_grants: UsbGrantTable;
  usb_permits: UsbPermitTable;
  usb_codes: UsbCodeTable;
}
